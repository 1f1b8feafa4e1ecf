# Step 5 of the road: the same server and nothing else. The hole is still there; the intruder has
# nothing left to run.
#
#   docker build -f demo/good.Dockerfile -t web:good .
FROM debian:12 AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libevent-dev
WORKDIR /build
COPY demo/web/web.c .
RUN gcc -std=gnu11 -Os -static -s -ffunction-sections -fdata-sections -Wl,--gc-sections -o web web.c -levent
RUN chgrp 0 web && chmod a=rX,u+w web

FROM scratch
COPY --from=build /build/web /web
EXPOSE 8080
USER 5678
ENTRYPOINT ["/web"]
