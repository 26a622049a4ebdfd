#!/bin/sh
# Behaves as the entrypoint of the public `redis` image: options alone are options of redis-server, and a server that is
# started by root gives its data folder and itself to the user redis.
set -e

if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
  set -- redis-server "$@"
fi

if [ "$1" = 'redis-server' ]; then
  if [ "$(id -u)" = '0' ]; then
    chown -R redis:redis .
    exec chroot --userspec=redis:redis --skip-chdir / "$0" "$@"
  fi
  # The public image is compiled with protected mode off; Debian's server has it on, and would refuse every other pod.
  case "$*" in
    *protected-mode*) ;;
    *) if [ ! -f "$2" ] || ! grep -q '^ *protected-mode' "$2"; then set -- "$@" --protected-mode no; fi ;;
  esac
fi

exec "$@"
