# Step 1 of the road: the server on a full distribution, as root. The hole in /rce/ gives an intruder
# everything the distribution brings.
#
#   docker build -f demo/fat.Dockerfile -t web:fat .
FROM debian:12 AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libevent-dev
WORKDIR /build
COPY demo/web/web.c .
RUN gcc -std=gnu11 -Os -static -s -ffunction-sections -fdata-sections -Wl,--gc-sections -o web web.c -levent

FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends curl
COPY --from=build /build/web /web
EXPOSE 8080
ENTRYPOINT ["/web"]
