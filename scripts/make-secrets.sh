#!/bin/sh
# Makes the passwords that docker-compose.yml needs, once, in secrets/; never replaces one.
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p secrets
word() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
for name in superuser owner app; do
    [ -e "secrets/${name}_password" ] || word >"secrets/${name}_password"
done
owner=postgresql://menpai_owner:$(cat secrets/owner_password)@db/menpai
app=postgresql://menpai_app:$(cat secrets/app_password)@db/menpai
printf 'MENPAI_DATABASE_URL=%s\nMENPAI_OWNER_DATABASE_URL=%s\n' "$app" "$owner" >secrets/owner.env
[ -e secrets/key ] || word >secrets/key
printf 'MENPAI_DATABASE_URL=%s\nMENPAI_SECRET_KEY=%s\n' "$app" "$(cat secrets/key)" >secrets/app.env
# The database image reads its three files as its own user.
chmod 644 secrets/*_password
chmod 700 secrets
echo "secrets/ is ready" >&2
