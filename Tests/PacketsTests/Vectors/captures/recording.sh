# shellcheck shell=bash
# What the scenarios have in common; each sources it, with the directory of make-captures as its only argument.
set -euo pipefail
shopt -s lastpipe # so that a loop at the end of a pipe is this shell's

work=$1
captures=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lab=$captures/../../../Lab/lab
kernel="Linux $(uname -r | grep -o '^[0-9]*\.[0-9]*')"
recorders=()

at() { # NODE CMD…
    "$lab" exec "$@"
}

quietly() { # CMD…: most of what is asked here is refused, which is the point
    "$@" >/dev/null 2>&1 || true
}

talk() { # NODE ARG…
    local node=$1
    at "$node" /usr/bin/python3 "$captures/talk.py" "${@:2}"
}

converse() { # NODE NODE KIND ADDRESS PORT: the first calls the second at its address, once that listens
    coproc SERVER { talk "$2" serve "$3" "$4" "$5"; }
    local server=$SERVER_PID
    read -r _ <&"${SERVER[0]}"
    quietly talk "$1" call "$3" "$4" "$5"
    wait "$server" || true
}

# Checksums are to be in the packets, not left to hardware that is not there; one packet is to be one packet.
no_offload() { # NODE INTERFACE…
    for interface in "${@:2}"; do quietly at "$1" ethtool -K "$interface" tx off tso off gso off gro off; done
}

record() { # NAME NODE INTERFACE
    "$lab" exec "$2" tcpdump -U --immediate-mode -Z root -i "$3" -w "$work/$1.pcap" 2>"$work/$1.log" &
    recorders+=($!)
    until grep -qs '^tcpdump: listening' "$work/$1.log"; do sleep 0.1; done
}

stop_recording() {
    sleep 1
    kill "${recorders[@]}"
    wait "${recorders[@]}" || true
    recorders=()
}

keep() { # NAME <TABLE: of each line "file | link | name | sender | filter", the first packet that passes the filter
    local line
    while read -r line; do
        [[ ! $line ]] || echo "$work/$1.pcap | $kernel | $line"
    done >>"$work/kept"
}
