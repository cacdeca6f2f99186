/* How fast this machine's kernel lets one process send ICMP echo requests, and read the replies, through a raw socket.
 *
 *   cc -O2 -o limit Tests/Benchmarks/limit.c -lpthread
 *   limit COUNT BATCH RECEIVE NETWORK/16 SOURCE      e.g.  limit 400000 64 1 198.19.0.0 198.18.0.1
 *
 * Sends COUNT echo requests, 16 bytes of ICMP each, round the 65,536 addresses of NETWORK, in sendmmsg batches of BATCH,
 * with an IPv4 header of its own (IP_HDRINCL). RECEIVE=1 reads the replies in a second thread with recvmmsg.
 * The bound that a sweep is measured against, in the same run, on the same machine.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { SLOT = 64, RECEIVE_BATCH = 64, ICMP_BYTES = 16 };
static volatile long received;
static volatile int stop;

static unsigned short checksum(const void *data, int length) {
    const unsigned short *word = data;
    unsigned sum = 0;
    for (; length > 1; length -= 2) sum += *word++;
    sum = (sum >> 16) + (sum & 0xffff);
    return ~(sum + (sum >> 16));
}

static void *receive(void *argument) {
    static char buffer[RECEIVE_BATCH][256];
    struct mmsghdr message[RECEIVE_BATCH] = {0};
    struct iovec vector[RECEIVE_BATCH];
    for (int i = 0; i < RECEIVE_BATCH; i++) {
        vector[i] = (struct iovec){buffer[i], sizeof buffer[i]};
        message[i].msg_hdr.msg_iov = &vector[i];
        message[i].msg_hdr.msg_iovlen = 1;
    }
    while (!stop) {
        int n = recvmmsg(*(int *)argument, message, RECEIVE_BATCH, MSG_WAITFORONE, NULL);
        if (n > 0) received += n;
    }
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 6) return fprintf(stderr, "usage: limit COUNT BATCH RECEIVE NETWORK SOURCE\n"), 2;
    int count = atoi(argv[1]), batch = atoi(argv[2]), with_receive = atoi(argv[3]);
    unsigned network = ntohl(inet_addr(argv[4])), source = inet_addr(argv[5]);
    int out = socket(AF_INET, SOCK_RAW, IPPROTO_RAW), in = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), size = 64 << 20;
    if (out < 0 || in < 0) return perror("socket"), 2;
    setsockopt(out, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    setsockopt(in, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    setsockopt(in, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){0, 100000}, sizeof(struct timeval));

    char (*packet)[SLOT] = calloc(batch, SLOT);
    struct mmsghdr *message = calloc(batch, sizeof *message);
    struct iovec *vector = calloc(batch, sizeof *vector);
    struct sockaddr_in *to = calloc(batch, sizeof *to);
    for (int i = 0; i < batch; i++) {
        vector[i] = (struct iovec){packet[i], sizeof(struct iphdr) + ICMP_BYTES};
        to[i].sin_family = AF_INET;
        message[i].msg_hdr = (struct msghdr){.msg_name = &to[i], .msg_namelen = sizeof to[i],
                                             .msg_iov = &vector[i], .msg_iovlen = 1};
    }
    pthread_t reader;
    if (with_receive) pthread_create(&reader, NULL, receive, &in);

    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int sent = 0; sent < count; sent += batch) {
        for (int i = 0; i < batch; i++) {
            unsigned address = htonl(network + ((sent + i) & 0xffff));
            struct iphdr *ip = (void *)packet[i];
            struct icmphdr *icmp = (void *)(ip + 1);
            *ip = (struct iphdr){.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_ICMP,
                                 .saddr = source, .daddr = address};
            *icmp = (struct icmphdr){.type = ICMP_ECHO};
            icmp->un.echo.id = htons(77);
            icmp->un.echo.sequence = htons(sent + i);
            icmp->checksum = checksum(icmp, ICMP_BYTES);
            to[i].sin_addr.s_addr = address;
        }
        for (int done = 0; done < batch;) {
            int n = sendmmsg(out, message + done, batch - done, 0);
            if (n < 0) return perror("sendmmsg"), 2;
            done += n;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (end.tv_sec - begin.tv_sec) + (end.tv_nsec - begin.tv_nsec) / 1e9;
    usleep(300000);
    stop = 1;
    if (with_receive) pthread_join(reader, NULL);
    printf("sent %d in %.3f s: %.0f/s, received %ld\n", count, seconds, count / seconds, received);
}
