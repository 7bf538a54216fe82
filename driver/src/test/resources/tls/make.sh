#!/bin/sh
# Makes the certificates of the tests anew, in this directory: sh make.sh (needs openssl 3).
# They are good until 2099, except expired.pem, which ended in 2001. The keys protect nothing.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$work/index.txt"
echo 'unique_subject = no' > "$work/index.txt.attr"

cat > "$work/openssl.cnf" <<CONF
[ca]
default_ca = here
[here]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
organizationName = optional
CONF

key() { # key FILE rsa|ec
  case $2 in
    rsa) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1" ;;
    ec) openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" ;;
  esac
}

authority() { # authority NAME COMMON_NAME
  key "$work/$1.key" ec
  openssl req -new -key "$work/$1.key" -subj "/O=Quorate tests/CN=$2" -out "$work/$1.csr" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
  sign "$1" "$from" "$to" -selfsign -keyfile "$work/$1.key"
}

sign() { # sign NAME START END OPTION...
  name=$1 start=$2 end=$3
  shift 3
  openssl ca -batch -notext -config "$work/openssl.cnf" "$@" -startdate "$start" -enddate "$end" \
    -in "$work/$name.csr" -out "$name.pem" 2> "$work/log" || { cat "$work/log"; exit 1; }
}

certificate() { # certificate NAME rsa|ec AUTHORITY COMMON_NAME EXTENSION START END
  key "$1.key" "$2"
  openssl req -new -key "$1.key" -subj "/O=Quorate tests/CN=$4" -addext "$5" -out "$work/$1.csr"
  sign "$1" "$6" "$7" -cert "$3.pem" -keyfile "$work/$3.key"
}

here='subjectAltName=DNS:localhost,DNS:node.quorate.test,IP:127.0.0.1,IP:::1'
from=20200101000000Z
to=20990101000000Z
authority ca 'Test authority'
authority foreign-ca 'Foreign authority'
certificate node rsa ca node "$here" $from $to
certificate node-ec ec ca node "$here" $from $to
certificate elsewhere ec ca elsewhere 'subjectAltName=DNS:db.example.org,DNS:db2.example.org' $from $to
certificate expired ec ca expired "$here" 20000101000000Z 20010101000000Z
certificate client ec ca app 'extendedKeyUsage=clientAuth' $from $to
certificate foreign-client ec foreign-ca app 'extendedKeyUsage=clientAuth' $from $to

# Forms of a key that are refused.
openssl pkey -in node.key -traditional -out node.pkcs1.key
openssl pkey -in node-ec.key -traditional -out node-ec.sec1.key
openssl pkcs8 -topk8 -in node.key -passout pass:secret -out node.encrypted.key
