/* plant_tokens: what the great services give out, written from their own documents and not from the
 * tables of src/secret, in the files where people leave it; and texts that people complain of.
 *
 * In a text `x32` in backquotes stands for 32 letters of an alphabet: x and X hexadecimal, b base
 * 62, a and A digits and letters of one case, d digits, w base64url, s base64; `u` for a UUID. */
#ifndef PLANTED_PLANT_TOKENS_H
#define PLANTED_PLANT_TOKENS_H

#include "planted/plant_secrets.h"

/* Under the name that the service's own document gives its variable. */
static const struct {
    const char *name, *value;
} tokens[] = {
    {"AWS_SECRET_ACCESS_KEY", "`s40`"},
    {"AZURE_CLIENT_SECRET", "`b3`8Q~`w34`"},
    {"AZURE_STORAGE_CONNECTION_STRING",
     "DefaultEndpointsProtocol=https;AccountName=shop`d3`;AccountKey=`s86`==;"
     "EndpointSuffix=core.windows.net"},
    {"GOOGLE_API_KEY", "AIza`w35`"},
    {"GITHUB_TOKEN", "`github ghp_`"},
    {"GH_TOKEN", "`github gho_`"},
    {"GH_APP_TOKEN", "`github ghs_`"},
    {"GITHUB_PAT", "github_pat_`b22`_`b59`"},
    {"GITLAB_TOKEN", "glpat-`w20`"},
    {"CI_DEPLOY_PASSWORD", "gldt-`w20`"},
    {"SLACK_BOT_TOKEN", "xoxb-`d12`-`d13`-`b24`"},
    {"SLACK_APP_TOKEN", "xapp-1-A`A10`-`d13`-`x64`"},
    {"SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/T`A9`0/B`A9`1/`b24`"},
    {"STRIPE_SECRET_KEY", "sk_live_51`b97`"},
    {"STRIPE_RESTRICTED_KEY", "rk_live_51`b97`"},
    {"STRIPE_WEBHOOK_SECRET", "whsec_`b32`"},
    {"NPM_TOKEN", "`github npm_`"},
    {"PYPI_TOKEN", "pypi-AgEIcHlwaS5vcmc`w160`"},
    {"DOCKER_PAT", "dckr_pat_`w27`"},
    {"TWILIO_AUTH_TOKEN", "`x32`"},
    {"TWILIO_API_KEY_SECRET", "`b32`"},
    {"SENDGRID_API_KEY", "SG.`w22`.`w43`"},
    {"MAILGUN_API_KEY", "key-`x32`"},
    {"MAILCHIMP_API_KEY", "`x32`-us1`d1`"},
    {"DIGITALOCEAN_ACCESS_TOKEN", "dop_v1_`x64`"},
    {"HEROKU_API_KEY", "`u`"},
    {"SHOPIFY_ACCESS_TOKEN", "shpat_`x32`"},
    {"SHOPIFY_API_SECRET", "shpss_`x32`"},
    {"SQUARE_ACCESS_TOKEN", "EAAA`w60`"},
    {"SQUARE_APPLICATION_SECRET", "sq0csp-`w43`"},
    {"TELEGRAM_BOT_TOKEN", "7`d9`:AA`w33`"},
    {"DISCORD_BOT_TOKEN", "MTE4`b22`.G`w5`.`w38`"},
    {"OPENAI_API_KEY", "sk-proj-`w74`T3BlbkFJ`w74`"},
    {"ANTHROPIC_API_KEY", "sk-ant-api03-`w93`AA"},
    {"HF_TOKEN", "hf_`b34`"},
    {"VAULT_TOKEN", "hvs.CAESI`w90`"},
    {"TFE_TOKEN", "`b14`.atlasv1.`b67`"},
    {"DATABRICKS_TOKEN", "dapi`x32`"},
    {"DD_API_KEY", "`x32`"},
    {"DATADOG_APP_KEY", "`x40`"},
    {"NEW_RELIC_LICENSE_KEY", "`x36`NRAL"},
    {"NEW_RELIC_API_KEY", "NRAK-`A27`"},
    {"SENTRY_AUTH_TOKEN", "sntryu_`x64`"},
    {"JIRA_API_TOKEN", "ATATT3xFfGF0`w171`=`X8`"},
    {"DROPBOX_ACCESS_TOKEN", "sl.B`w135`"},
    {"FACEBOOK_ACCESS_TOKEN", "EAA`b170`ZD"},
    {"LINKEDIN_CLIENT_SECRET", "WPL_AP1.`b16`.`b6`=="},
    {"LINEAR_API_KEY", "lin_api_`b40`"},
    {"NOTION_TOKEN", "ntn_`d11``b35`"},
    {"NOTION_API_KEY", "secret_`b43`"},
    {"FIGMA_TOKEN", "figd_`w40`"},
    {"AIRTABLE_API_KEY", "pat`b14`.`x64`"},
    {"PLANETSCALE_PASSWORD", "pscale_pw_`w43`"},
    {"PLANETSCALE_SERVICE_TOKEN", "pscale_tkn_`w43`"},
    {"GRAFANA_TOKEN", "glsa_`b32`_`x8`"},
    {"PULUMI_ACCESS_TOKEN", "pul-`x40`"},
    {"DOPPLER_TOKEN", "dp.st.prd.`b43`"},
    {"CLOUDFLARE_API_TOKEN", "`w40`"},
    {"FASTLY_API_TOKEN", "`w32`"},
    {"POSTMAN_API_KEY", "PMAK-`x24`-`x34`"},
    {"CIRCLECI_TOKEN", "CCIPAT_`b22`_`x40`"},
    {"BUILDKITE_AGENT_TOKEN", "bkua_`x40`"},
    {"RUBYGEMS_API_KEY", "rubygems_`x48`"},
    {"GROQ_API_KEY", "gsk_`b52`"},
    {"REPLICATE_API_TOKEN", "r8_`b37`"},
    {"SONAR_TOKEN", "sqp_`x40`"},
    {"SUPABASE_ACCESS_TOKEN", "sbp_`x40`"},
    {"NETLIFY_AUTH_TOKEN", "nfp_`b36`"},
    {"DATABASE_URL", "postgres://app:`b20`@db.shop.org:5432/shop"},
    {"MYSQL_URL", "mysql://root:`b18`@mysql.shop.org:3306/shop"},
    {"MONGO_URL", "mongodb+srv://app:`b18`@c0.ab1cd.mongodb.net/shop"},
    {"REDIS_URL", "rediss://default:`b24`@cache.shop.org:6379/0"},
    {"AMQP_URL", "amqps://app:`b22`@mq.shop.org/v"},
    {"DJANGO_SECRET_KEY", "`b50`"},
    {"MYSQL_ROOT_PASSWORD", "`b16`"},
    {"POSTGRES_PASSWORD", "`b20`"},
    {"JWT_SECRET", "`w48`"},
};

/* Where people leave it: %N its name, %L that in small letters, %V the value. */
static const struct {
    const char *path, *text;
} homes[] = {
    {".env", "DEBUG=0\n%N=%V\nPORT=8080\n"},
    {"application.yml", "server:\n  port: 8080\napp:\n  %L: %V\n"},
    {"settings.py", "import os\nDEBUG = False\n%N = '%V'\n"},
    {"docker-compose.yml",
     "services:\n  web:\n    image: web\n    environment:\n      - %N=%V\n      - PORT=1\n"},
    {"deploy.sh", "#!/bin/sh\nset -e\nexport %N=\"%V\"\nmake deploy\n"},
    {"main.4f1c.js", "(()=>{\"use strict\";const e={%L:\"%V\",debug:!1};window.app=e})();"},
    {"terraform.tfstate",
     "{\"version\": 4, \"resources\": [{\"instances\": [{\"attributes\": {\"id\": \"1\", \"%L\": "
     "\"%V\"}}]}]}\n"},
    {"app.properties", "app.name=shop\n%L=%V\n"},
    {"web.config",
     "<configuration><appSettings>\n  <add key=\"%N\" value=\"%V\" />\n</appSettings>"
     "</configuration>\n"},
    {"app.ini", "[main]\nname = shop\n%L = %V\n"},
    {"config.json", "{\n  \"name\": \"shop\",\n  \"%L\": \"%V\"\n}\n"},
    {"deploy.log", "2026-03-01T10:00:00Z info start\n2026-03-01T10:00:01Z debug env %N=%V\n"},
};
enum { TOKENS = sizeof tokens / sizeof *tokens, HOMES = sizeof homes / sizeof *homes };

static struct str token_letters(struct plot *p, char what, size_t n)
{
    static const struct {
        char what;
        const char *letters;
    } alphabets[] = {
        {'x', "0123456789abcdef"},
        {'X', "0123456789ABCDEF"},
        {'b', PLANTED_BASE62},
        {'a', "0123456789abcdefghijklmnopqrstuvwxyz"},
        {'A', "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
        {'d', "0123456789"},
        {'w', PLANTED_BASE62 "-_"},
        {'s', PLANTED_BASE62 "+/"},
    };
    for (size_t i = 0; i < sizeof alphabets / sizeof *alphabets; i++)
        if (alphabets[i].what == what) {
            struct str s = plot_letters(p, alphabets[i].letters, n);
            /* no dash at an end: words are cut there */
            if (what == 'w' && n > 1) {
                char *c = str_cstr(p->a, s);
                c[0] = c[0] == '-' || c[0] == '_' ? 'Q' : c[0];
                c[n - 1] = c[n - 1] == '-' || c[n - 1] == '_' ? '7' : c[n - 1];
                return (struct str){c, n};
            }
            return s;
        }
    return decoy_part(p, 'u');
}

static struct str token_value(struct plot *p, const char *text)
{
    struct buf b = {.a = p->a};
    for (struct str rest = str_of(text), one; rest.n;) {
        str_cut(rest, '`', &one, &rest);
        buf_add(&b, one);
        if (!rest.n)
            break;
        str_cut(rest, '`', &one, &rest);
        if (str_starts(one, STR("github ")))
            buf_add(&b, fresh_sealed(p, str_from(one, 7)));
        else
            buf_add(&b, token_letters(p, one.p[0], strtoul(str_cstr(p->a, one) + 1, NULL, 10)));
    }
    return buf_str(&b);
}

static struct str token_home(struct plot *p, const char *text, const char *name, struct str value)
{
    struct buf b = {.a = p->a};
    for (; *text; text++) {
        if (*text != '%')
            buf_addc(&b, *text);
        else if (*++text == 'V')
            buf_add(&b, value);
        else
            for (const char *c = name; *c; c++)
                buf_addc(&b, (char)(*text == 'L' && *c >= 'A' && *c <= 'Z' ? *c + 32 : *c));
    }
    return buf_str(&b);
}

/* Each token in each kind of file; a third of them is deleted later, a third replaced. */
static void plant_tokens(struct plot *p)
{
    for (size_t i = 0; i < TOKENS * HOMES; i++) {
        size_t token = i / HOMES, home = i % HOMES;
        struct str path = str_fmt(p->a, "srv/%zu/%s", token, homes[home].path);
        struct str value = token_value(p, tokens[token].value);
        plot_file(p, 0, path, token_home(p, homes[home].text, tokens[token].name, value));
        plot_want(p, 0, path, "");
        uint32_t then = plot_random(p, 3);
        if (then == 1)
            plot_delete(p, 1, path);
        if (then == 2)
            plot_file(p, 2, path, STR("nothing\n"));
    }
}

/* In variables, in arguments that history tells of, and in labels. */
static void plant_token_config(struct plot *p)
{
    for (size_t i = 0; i < TOKENS; i++) {
        static const char set[] = "%N=%V", arg[] = "RUN |1 %N=%V /bin/sh -c make # buildkit";
        const char *name = tokens[i].name, *value = tokens[i].value;
        plot_want(p, -1, plot_env(p, token_home(p, set, name, token_value(p, value))), "");
        plot_want(p, -1, plot_history(p, token_home(p, arg, name, token_value(p, value))), "");
        plot_want(p, -1, plot_label_named(p, name, token_value(p, value)), "");
    }
}

/* What stands where a secret would: nobody gets in with it. */
static const char *const blanks[] = {
    "${%N}",          "$%N",           "{{ .Values.%L }}", "<%L>",         "changeme",
    "your-%L-here",   "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",   "%V%N%V",       "REPLACE_ME",
    "********",       "null",          "example",          "TODO",         "/run/secrets/%L",
    "@@%N@@",         "INSERT_%N_HERE", "${%N:-}",          "vault:secret/data/app#%L",
    "op://prod/app/%L", "AKIAIOSFODNN7EXAMPLE",
};

static void plant_blanks(struct plot *p)
{
    enum { BLANKS = sizeof blanks / sizeof *blanks };
    for (size_t i = 0; i < TOKENS * HOMES; i++) {
        size_t token = i / HOMES, home = i % HOMES;
        struct str path = str_fmt(p->a, "srv/%zu/%s", token, homes[home].path);
        struct str blank = token_home(p, blanks[plot_random(p, BLANKS)], tokens[token].name,
                                      STR("%"));
        plot_file(p, 0, path, token_home(p, homes[home].text, tokens[token].name, blank));
        plot_leave(p, 0, path);
    }
}

#endif
