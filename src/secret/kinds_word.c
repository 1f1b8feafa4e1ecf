/* kinds_word: passwords and keys that only their names tell. */
#include "secret/kinds.h"

static const struct secret_kind kinds[] = {
    {.id = "password-assignment",
     .title = "password",
     .pattern = "(?i)(?:passw(?:or)?d|passphrase|pwd|secret_?word)[a-z0-9_]{0,16}[\"']?\\]?\\s{0,4}"
                "(?::=|=>|(?:value)?=|:)\\s{0,4}[\"'`][^\"'`\\s]{8}",
     .alphabet = "!#-&(-_a-~",
     .least = 8,
     .most = 128,
     .holds = secret_is_password,
     .text_only = true,
     .guess = true,
     .severity = SEVERITY_HIGH,
     .yes = "db.connect(user=\"app\", password=\"Bo1N5kb!qdJoC8\")",
     .no = "password = \"changeme\" password: \"Enter your password\" passwordLabel: "
           "\"form.password.label2\""},
    {.id = "key-assignment",
     .title = "key or token",
     .pattern = "(?i)(?:api_?key|apikey|auth_?token|access_?token|secret_?key|client_?secret|"
                "private_?token|access_?key|app_?secret|encryption_?key|signing_?key|auth_?key|"
                "bearer_?token|secret|_token)[a-z0-9_]{0,16}[\"']?\\]?\\s{0,4}"
                "(?::=|=>|(?:value)?=|:)\\s{0,4}[\"'`][A-Za-z0-9_./+=~-]{16}",
     .alphabet = "A-Za-z0-9_./+~-",
     .least = 16,
     .most = 256,
     .holds = secret_is_key,
     .text_only = true,
     .guess = true,
     .entropy = 3.4,
     .severity = SEVERITY_HIGH,
     .yes = "const apiKey = \"ZxMmi7aWCrus68Yh1aOlFjpsmrtoO9v0\";",
     .no = "apiKey = \"your-api-key-goes-here-please\" token_sha256 = "
           "\"d7c637a38c387f40e779f160a2b8736ae1de54449b63ad7d1bb708036903489b\" <add "
           "key=\"secretKeyHash\" value=\"ZxMmi7aWCrus68Yh1aOlFjpsmrtoO9v0\"/>"},
    {.id = "basic-auth-header",
     .title = "login in a header",
     .pattern = "(?i)authorization[\"']?\\s{0,3}[:=,]\\s{0,3}[\"']?basic\\s{1,2}[A-Za-z0-9+/]{8}",
     .alphabet = SECRET_BASE64,
     .least = 8,
     .most = 512,
     .holds = secret_is_basic_auth,
     .text_only = true,
     .entropy = 2,
     .severity = SEVERITY_HIGH,
     .yes = "Authorization: Basic Y2k6Y2haTHRPcnFCVzE5dno=",
     .no = "Authorization: Basic realm"},
    {.id = "bearer-header",
     .title = "token in a header",
     .pattern = "(?i)authorization[\"']?\\s{0,3}[:=,]\\s{0,3}[\"']?(?:bearer|token)\\s{1,2}[A-Za-"
                "z0-9_.+/=~-]{20}",
     .alphabet = "A-Za-z0-9_.+/~-",
     .least = 20,
     .most = 4096,
     .holds = secret_is_random,
     .text_only = true,
     .guess = true,
     .entropy = 3.5,
     .severity = SEVERITY_HIGH,
     .yes = "curl -H \"Authorization: Bearer iNZ3HQOinfUwAQDqtryHD153Ln0xbWtmFI7meyVa\"",
     .no = "Authorization: Bearer ${TOKEN_FROM_SOMEWHERE}"},
    {.id = "command-password",
     .title = "password in a command",
     .pattern =
         "\\b(?:sshpass\\s{1,3}-p\\s{0,2}"
         "|curl\\s[^\\n]{0,120}(?:-u|--user|-U|--proxy-user)[\\s=]{0,2}[\"']?[A-Za-z0-9_.@-]{1,64}:"
         "|docker\\s{1,2}login\\s[^\\n]{0,120}(?:-p|--password)[ =]"
         "|mysql(?:dump|admin|import)?\\s[^\\n]{0,120}--password="
         "|redis-cli\\s(?:[^\\n]{0,120}\\s)?(?:-a|--pass)\\s{1,2}"
         "|mongo(?:sh|dump|restore)?\\s(?:[^\\n]{0,120}\\s)?(?:-p\\s{0,2}|--password[ =])"
         "|ldap(?:search|add|modify|delete|passwd)\\s(?:[^\\n]{0,120}\\s)?-w\\s{1,2}"
         "|(?:npm|pnpm|yarn)\\s{1,3}config\\s{1,3}set\\s{1,3}[^\\s=]{0,120}(?:_auth|[tT]oken|_"
         "password)[\\s=]"
         "{1,3}"
         "|aws\\s{1,3}configure\\s{1,3}set\\s{1,3}(?:[a-z0-9_.-]{1,64}\\.)?aws_(?:secret_access_"
         "key|"
         "session_token)\\s{1,3}"
         "|user(?:add|mod)\\s(?:[^\\n]{0,120}\\s)?(?:-p\\s{0,3}|--password[ =])"
         "|PGPASSWORD=|MYSQL_PWD="
         "|htpasswd\\s{1,2}-[a-zA-Z]{0,6}b[a-zA-Z]{0,6}\\s{1,2}[^\\s]{1,100}\\s{1,2}[^\\s]{1,64}"
         "\\s)",
     .alphabet = "!#-&*-~",
     .least = 6,
     .most = 128,
     .take = SECRET_AFTER,
     .holds = secret_is_literal,
     .text_only = true,
     .guess = true,
     .severity = SEVERITY_HIGH,
     .yes = "sshpass -p NDEpCsGCvpELaa ssh app@host",
     .no = "sshpass -p \"$PASSWORD\" ssh app@host"},
    {.id = "mysql-password",
     .title = "password in a command",
     .pattern = "\\b(?:mysql|mariadb)(?:-?dump|-?admin|-?import)?\\s(?:(?:[^\\n,.\\x80-\\xff]|\\.["
                "a-z0-9]){0,120}\\s)?-p",
     .alphabet = "!#-&*-~",
     .least = 6,
     .most = 128,
     .take = SECRET_AFTER,
     .holds = secret_is_glued_literal,
     .text_only = true,
     .guess = true,
     .severity = SEVERITY_HIGH,
     .yes = "mysql -u root -pNDEpCsGCvpELaa -e 'create database app'",
     .no = "mysql -u root -p database_of_app --port 3306; mysql -u root -password; jos mysql jää, "
           "mariadb-server -paketti on; /var/lib/mysql poistetaan.\\n Jos mariadb-server -paketti "
           "on"},
    {.id = "user-password",
     .title = "password of a user",
     .pattern = "\\becho\\s{1,3}(?:-[neE]{1,3}\\s{1,3})?[\"']?[a-z_][a-z0-9_.-]{0,31}:",
     .alphabet = "!#-&*-{}-~",
     .least = 1,
     .most = 128,
     .take = SECRET_AFTER,
     .holds = secret_is_user_password,
     .text_only = true,
     .guess = true,
     .severity = SEVERITY_HIGH,
     .yes = "RUN echo 'root:NDEpCsGCvpELaa' | chpasswd",
     .no = "echo root:$PASSWORD | chpasswd; echo note:NDEpCsGCvpELaa | cat"},
};

SECRET_TABLE(word);
