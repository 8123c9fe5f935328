#!/bin/sh
# Makes the secrets of docker-compose.yml, each in a file of its own, in the folder given (default: secrets).
# What is there stays as it is. The folder is closed to everybody else; the files are open to the users of the
# containers, which are given them one by one.
set -eu
folder=${1:-secrets}
mkdir -p "$folder"
chmod 700 "$folder"

put() { # name, content
  [ -s "$folder/$1" ] && return
  printf '%s' "$2" > "$folder/$1.new"
  chmod 444 "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
}

for name in postgres_password redis_password minio_password diting_api_token diting_secret_key; do
  put "$name" "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
done
put diting_database_url "postgresql+psycopg://diting:$(cat "$folder/postgres_password")@postgres:5432/diting"
put diting_redis_url "redis://:$(cat "$folder/redis_password")@redis:6379/0"
# The first key of recordings, as `diting recordings new-key` makes them: its id comes from the key itself.
key=$(od -An -N32 -v -to1 -w1 /dev/urandom | sed 's/ /\\0/' | tr -d '\n')
id=$(printf 'diting recording key\n%b' "$key" | sha256sum | cut -c1-16)
put recording_keys "# recordings
$id $(printf '%b' "$key" | base64 | tr -d '\n')"
echo "The secrets are in $folder. Keep a copy of them apart from the backups. 密钥已生成，请与备份分开保存一份。"
