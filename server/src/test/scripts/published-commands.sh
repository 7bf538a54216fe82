#!/usr/bin/env bash
# Runs what Infinity, InsiDB, InfinityStore and InfluxDB have published about their clusters against
# nodes of ours, word for word but for ports, and asserts every answer.
#
#   QUORATE=./quorate published-commands.sh [infinity] [insidb] [infinitystore] [influxdb]
#
# It starts its own nodes in a new directory, and ends them. Needs bash, curl and openssl. Ports are
# free ones from the variable PORTS (numbers, separated by blanks), else 21001 and those that follow.
set -u -o pipefail

QUORATE=${QUORATE:?the command of ours to run, as in QUORATE=./quorate}
read -ra PORTS <<< "${PORTS:-$(seq -s ' ' 21001 21060)}"
WORK=$(mktemp -d)
PATIENCE=${PATIENCE:-60}
pids=()
failed=
# A slow machine must not change who leads.
export QUORATE_CLUSTER_ELECTION_TIMEOUT=${QUORATE_CLUSTER_ELECTION_TIMEOUT:-3s}

finish() {
  for pid in "${pids[@]}"; do kill -KILL "$pid" 2> /dev/null; done
  if [ -n "$failed" ]; then
    for log in "$WORK"/*/*.log; do echo "---- end of $log"; grep -v '  # ' "$log" | tail -n 40; done
    echo "$failed"
  fi
  rm -rf "$WORK"
}
trap finish EXIT

# Takes the next free port into the variable that is named.
port() {
  printf -v "$1" '%s' "${PORTS[0]}"
  PORTS=("${PORTS[@]:1}")
}

# Runs a node in the background, in a directory of this part alone.
server() {
  (
    cd "$PART" || exit
    exec "$QUORATE" server "$@" < /dev/null > "$(mktemp "$PART/XXXXXX.log")" 2>&1
  ) &
  pids+=($!)
  disown
}

# The published commands say "curl"; this one also tells the status, and does not wait for ever.
curl() {
  command curl --silent --show-error --max-time 60 "${CURL_MORE[@]}" \
    --write-out '\nstatus=%{http_code} location=%{redirect_url}\n' "$@" 2>&1
}
CURL_MORE=()

part() {
  PART="$WORK/$1"
  mkdir "$PART"
  CURL_MORE=()
  echo "== $1"
}

fail() {
  failed=$(printf 'FAILED: %s\n  wanted: %s\n  answer: %s' "$@")
  exit 1
}

# Asserts that an answer has each of the texts; blanks between the words of JSON do not count.
says() {
  local what=$1 answer=$2 text
  shift 2
  for text in "$@"; do
    [[ "$answer" == *"$text"* ]] || fail "$what" "$text" "$answer"
  done
  echo "ok: $what"
}

# Asks again until the answer has the texts: what a node was told takes a moment.
eventually() {
  local what=$1 ask=$2 answer text missing end=$((SECONDS + PATIENCE))
  shift 2
  while true; do
    answer=$($ask)
    missing=
    for text in "$@"; do
      [[ "$answer" == *"$text"* ]] || missing=$text
    done
    [ -z "$missing" ] && break
    [ "$SECONDS" -lt "$end" ] || fail "$what" "$missing" "$answer"
    sleep 0.2
  done
  echo "ok: $what"
}

# Waits until the node with this admin port is up.
awaits() {
  up() { curl "${2:-http}://localhost:$1/healthz"; }
  eventually "a node is up" "up $1 ${2:-http}" 'status=200'
}

infinity() {
  local harry hermione ron leader_peer p
  port harry
  port hermione
  port ron
  port leader_peer
  for name in harry hermione ron; do
    port p
    local client=$p peer=$leader_peer
    [ "$name" = harry ] || { port p; peer=$p; }
    server --mode=admin --node-id="node-of-$name" --data="$name" --admin-addr="127.0.0.1:${!name}" \
      --client-addr="127.0.0.1:$client" --peer-addr="127.0.0.1:$peer"
  done
  for name in harry hermione ron; do awaits "${!name}"; done

  says 'ADMIN SET NODE ROLE leader' "$(
    curl --request POST \
    --url http://localhost:$harry/admin/node/current \
    --header 'accept: application/json' \
    --header 'content-type: application/json' \
    --data ' {
    "role" : "leader",
    "name" : "Harry",
    } '
  )" '"error_code":0' 'status=200'

  current() {
    curl --request GET \
    --url http://localhost:$harry/admin/node/current \
    --header 'accept: application/json'
  }
  eventually 'ADMIN SHOW CURRENT NODE' current \
    '"error_code":0' '"node_role":"leader"' '"name":"Harry"' '"status":"alive"' 'status=200'

  # On a machine that is very busy, the nodes may not have found each other the first time.
  become_follower() {
    curl --request POST \
    --url http://localhost:$hermione/admin/node/current \
    --header 'accept: application/json' \
    --header 'content-type: application/json' \
    --data ' {
    "role" : "follower",
    "name" : "Hermione",
    "address" : "0.0.0.0:'$leader_peer'"
    } '
  }
  eventually 'ADMIN SET NODE ROLE follower' become_follower '"error_code":0' 'status=200'

  become_learner() {
    curl --request POST \
    --url http://localhost:$ron/admin/node/current \
    --header 'accept: application/json' \
    --header 'content-type: application/json' \
    --data ' {
    "role" : "learner",
    "name" : "Ron",
    "address" : "0.0.0.0:'$leader_peer'"
    } '
  }
  eventually 'ADMIN SET NODE ROLE learner' become_learner '"error_code":0' 'status=200'

  list() {
    curl --request GET \
    --url http://localhost:$hermione/admin/nodes \
    --header 'accept: application/json'
  }
  eventually 'ADMIN LIST NODES, asked of a follower' list '"error_code":0' 'status=200' \
    '"name":"Harry","role":"leader","status":"alive"' \
    '"name":"Hermione","role":"follower","status":"alive"' \
    '"name":"Ron","role":"learner","status":"alive"'
  says 'the fields of a node' "$(list)" '"address":"127.0.0.1:'$leader_peer'"' '"heartbeat":"' '"last_update":"'

  says 'ADMIN REMOVE NODE' "$(
    curl --request DELETE \
    --url http://localhost:$harry/admin/node/ron \
    --header 'accept: application/json' \
    --header 'content-type: application/json'
  )" '"error_code":0' '"message":"Node ron removed successfully."' 'status=200'

  removed() {
    curl --request GET --url http://localhost:$ron/admin/node/current --header 'accept: application/json'
  }
  eventually 'the removed node operates in mode admin' removed '"node_role":"admin"' '"status":"started"' 'status=200'
  lists_no_ron() { [[ "$(list)" == *'"name":"Ron"'* ]] && echo 'Ron is listed' || echo 'Ron is not listed'; }
  eventually 'and is unregistered' lists_no_ron 'Ron is not listed'
}

insidb() {
  local admin1 admin2 client1 client2 client3 peer1 peer2 admin3 peer3 token
  for name in admin1 admin2 admin3 client1 client2 client3 peer1 peer2 peer3; do port $name; done
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=leader -keyout "$PART/node.key" \
    -addext 'subjectAltName=DNS:leader,DNS:leader.example.com,DNS:localhost,IP:127.0.0.1' \
    -out "$PART/node.pem" 2> "$PART/openssl.log" || fail 'a certificate' 'openssl req' "$(cat "$PART/openssl.log")"
  openssl rand -base64 32 > "$PART/secret"
  CURL_MORE=(--cacert "$PART/node.pem" --connect-to "leader:8081:127.0.0.1:$admin1"
    --connect-to "leader.example.com:8080:127.0.0.1:$client1")
  local common=(--tls-cert=node.pem --tls-key=node.key --secret-file=secret)
  QUORATE_COMPAT_INSIDB=true server --node-id=node1 --data=node1 --bootstrap "${common[@]}" \
    --admin-addr="127.0.0.1:$admin1" --client-addr="127.0.0.1:$client1" --peer-addr="127.0.0.1:$peer1" \
    --client-domain=leader.example.com:8080
  for number in 2 3; do
    local admin=admin$number client=client$number peer=peer$number
    QUORATE_COMPAT_INSIDB=true server --mode=admin --node-id="node$number" --data="node$number" "${common[@]}" \
      --admin-addr="127.0.0.1:${!admin}" --client-addr="127.0.0.1:${!client}" --peer-addr="127.0.0.1:${!peer}"
  done
  for name in admin1 admin2 admin3; do awaits "${!name}" https; done

  root_token=$("$QUORATE" token --secret-file "$PART/secret")
  join() {
    curl -H "Authorization: Bearer $root_token" \
      "https://leader:8081/db/api/v1/join?followerId=node2&followerAddr=127.0.0.1:$peer2"
  }
  eventually 'GET /db/api/v1/join' join '"error_code":0' 'status=200'
  says 'join without followerAddr' "$(
    curl -H "Authorization: Bearer $root_token" "https://leader:8081/db/api/v1/join?followerId=node2"
  )" 'status=400'
  says 'join without a token' "$(
    curl "https://leader:8081/db/api/v1/join?followerId=node2&followerAddr=127.0.0.1:$peer2"
  )" 'a token is needed' 'status=401'
  says 'join with a wrong token' "$(
    curl -H "Authorization: Bearer ${root_token%?????}wrong" \
      "https://leader:8081/db/api/v1/join?followerId=node2&followerAddr=127.0.0.1:$peer2"
  )" 'status=401'
  says 'join of a node that is not there' "$(
    curl -H "Authorization: Bearer $root_token" \
      "https://leader:8081/db/api/v1/join?followerId=node4&followerAddr=127.0.0.1:1"
  )" '"error_code":7018' 'status=500'

  follower() { curl "https://localhost:$admin2/admin/node/current"; }
  eventually 'the node is a follower' follower '"node_role":"follower"' '"leader":"node1"'
  says 'join, asked of the follower' "$(
    curl -H "Authorization: Bearer $root_token" \
      "https://localhost:$admin2/db/api/v1/join?followerId=node3&followerAddr=127.0.0.1:$peer3"
  )" 'status=307' "location=https://127.0.0.1:$admin1/db/api/v1/join?"
  says 'join, asked of the follower and followed' "$(
    curl --location-trusted -H "Authorization: Bearer $root_token" \
      "https://localhost:$admin2/db/api/v1/join?followerId=node3&followerAddr=127.0.0.1:$peer3"
  )" '"error_code":0' 'status=200'

  set_key() { curl -X POST "https://localhost:$client2/db/api/v1/set" -d '{"key":"foo","value":"bar"}' "$@"; }
  eventually 'a write on a follower is redirected' set_key \
    'status=307' 'location=https://leader.example.com:8080/db/api/v1/set'
  says 'and is done where it is sent' "$(set_key -L)" '"error_code":0' 'status=200'
  get_key() { curl "https://localhost:$client2/get?key=foo"; }
  eventually 'and is read on the follower' get_key '"value":"bar"' 'status=200'
}

infinitystore() {
  local h1 h2 h3 r1 r2 r3
  for name in h1 h2 h3 r1 r2 r3; do port $name; done
  store() { server "$@"; }

  store --http-addr=:$h1 --raft-addr=localhost:$r1 --node-id=node-1
  store --http-addr=:$h2 --raft-addr=localhost:$r2 --node-id=node-2
  store --http-addr=:$h3 --raft-addr=localhost:$r3 --node-id=node-3
  for name in h1 h2 h3; do awaits "${!name}"; done
  alone() { curl "http://localhost:$h1/admin/node/current"; }
  eventually 'the first node leads itself' alone '"node_role":"leader"' '"name":"node-1"'

  says 'the second joins' "$(
    curl -X POST "http://localhost:$h1/join?nodeid=node-2&nodeaddr=localhost:$r2"
  )" 'Voter added' 'status=200'
  says 'the third joins' "$(
    curl -X POST "http://localhost:$h1/join?nodeid=node-3&nodeaddr=localhost:$r3"
  )" 'Voter added' 'status=200'

  set_key() { curl -X POST http://localhost:$h1/set -d '{"key":"foo", "value":"bar","action":"set"}'; }
  eventually 'set on the leader' set_key 'Set successful' 'status=200'
  get_key() { curl -X GET "http://localhost:$h2/get?key=foo"; }
  eventually 'get on a follower' get_key '"key":"foo"' '"value":"bar"' 'status=200'
  get_third() { curl -X GET "http://localhost:$h3/get?key=foo"; }
  eventually 'get on the other follower' get_third '"value":"bar"' 'status=200'
  nodes() { curl "http://localhost:$h3/admin/nodes"; }
  eventually 'three nodes' nodes '"name":"node-1","role":"leader"' \
    '"name":"node-2","role":"follower"' '"name":"node-3","role":"follower"'

  says 'delete' "$(
    curl -X POST http://localhost:$h1/set -d '{"key":"foo", "value":"bar","action":"delete"}'
  )" 'status=200'
  says 'get of what is not there' "$(curl -X GET "http://localhost:$h1/get?key=foo")" 'Key does not exist' 'status=404'
  says 'get without a key' "$(curl -X GET "http://localhost:$h1/get")" 'Missing key' 'status=400'
  says 'set without a body' "$(curl -X POST http://localhost:$h1/set -d '{"key":')" 'status=400'
  says 'join without an address' "$(curl -X POST "http://localhost:$h1/join?nodeid=node-4")" 'status=400'
  says 'join of a node that is not there' "$(
    curl -X POST "http://localhost:$h1/join?nodeid=node-4&nodeaddr=localhost:1"
  )" 'status=500'
}

influxdb() {
  local number name
  local -A meta http tcp
  for number in 1 2 3 4; do
    port name; meta[$number]=$name
    port name; http[$number]=$name
    port name; tcp[$number]=$name
  done
  influxd() { # number, flags
    local n=$1
    shift
    server --node-id="n$n" --data="n$n" --admin-addr="127.0.0.1:${meta[$n]}" \
      --client-addr="127.0.0.1:${http[$n]}" --peer-addr="127.0.0.1:${tcp[$n]}" "$@"
    awaits "${meta[$n]}"
    ready() { curl "http://localhost:$1/readyz"; }
    eventually "n$n takes part" "ready ${meta[$n]}" 'status=200'
  }
  # The table as it is printed there, of so many nodes of which the first three are meta nodes.
  expected() {
    local n rows=()
    for n in $(seq 1 "$1"); do rows+=("[\"data_nodes\",$n,\"127.0.0.1:${http[$n]}\",\"127.0.0.1:${tcp[$n]}\"]"); done
    for n in 1 2 3; do rows+=("[\"meta_nodes\",$n,\"127.0.0.1:${meta[$n]}\",\"127.0.0.1:${tcp[$n]}\"]"); done
    local IFS=,
    echo "\"rows\":[${rows[*]}]"
  }
  expected_json() {
    local n rows=()
    for n in $(seq 1 "$1"); do
      rows+=("{\"service\":\"data_nodes\",\"id\":$n,\"http_addr\":\"127.0.0.1:${http[$n]}\",\"tcp_addr\":\"127.0.0.1:${tcp[$n]}\"}")
    done
    for n in 1 2 3; do
      rows+=("{\"service\":\"meta_nodes\",\"id\":$n,\"http_addr\":\"127.0.0.1:${meta[$n]}\",\"tcp_addr\":\"127.0.0.1:${tcp[$n]}\"}")
    done
    local IFS=,
    echo "\"servers\":[${rows[*]}]"
  }
  show_servers() { curl "http://localhost:$1/sql" -d '{"sql":"SHOW SERVERS"}'; }
  get_servers() { curl "http://localhost:$1/servers"; }
  all_show() {
    local n
    for n in $(seq 1 "$1"); do
      eventually "SHOW SERVERS on n$n of $1" "show_servers ${http[$n]}" "$(expected "$1")" 'status=200'
      eventually "GET /servers on n$n of $1" "get_servers ${meta[$n]}" "$(expected_json "$1")" 'status=200'
    done
  }

  influxd 1 --bootstrap
  influxd 2 --join "127.0.0.1:${tcp[1]}"
  influxd 3 --join "127.0.0.1:${tcp[1]}"
  all_show 3
  # Any member will do, and where the first address is dead the next one does.
  influxd 4 --role=learner --join "127.0.0.1:1,127.0.0.1:${tcp[2]}"
  all_show 4
}

for name in "${@:-infinity insidb infinitystore influxdb}"; do
  for each in $name; do
    part "$each"
    "$each"
  done
done
echo "all answers are as published"
