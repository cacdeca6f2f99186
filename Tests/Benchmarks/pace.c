/* Sends small UDP datagrams at an even pace, to be listened to.
 *
 *   cc -O2 -o pace Tests/Benchmarks/pace.c
 *   pace RATE SECONDS ADDRESS      e.g.  pace 100000 5 198.18.1.2
 *
 * Every millisecond it sends what is due, in one sendmmsg, to port 9 and with 16 bytes. Prints how many it sent and how
 * many a second that were.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 1024 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc != 4) return fprintf(stderr, "usage: pace RATE SECONDS ADDRESS\n"), 2;
    double rate = atof(argv[1]), seconds = atof(argv[2]);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = inet_addr(argv[3])};
    int out = socket(AF_INET, SOCK_DGRAM, 0), size = 16 << 20;
    setsockopt(out, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    static char bytes[16];
    static struct mmsghdr messages[BATCH];
    struct iovec vector = {bytes, sizeof bytes};
    for (int i = 0; i < BATCH; i++)
        messages[i].msg_hdr = (struct msghdr){.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &vector, .msg_iovlen = 1};
    long total = rate * seconds, sent = 0;
    double start = now();
    while (sent < total) {
        long due = (now() - start) * rate;
        if (due > total) due = total;
        while (sent < due) {
            int n = sendmmsg(out, messages, due - sent < BATCH ? due - sent : BATCH, 0);
            if (n < 0) return perror("sendmmsg"), 2;
            sent += n;
        }
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    double wall = now() - start;
    printf("sent %ld, %.0f/s\n", sent, sent / wall);
}
