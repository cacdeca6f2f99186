/* What `Sockets` is measured against: the same work in C, and the peer that all contestants have.
 *
 *   sockets peer                 prints its port, and serves one connection after the other until it is killed
 *   sockets WORK PORT COUNT      does WORK with the peer; prints the wall and the processor seconds that it took
 *
 * WORK is one of
 *   send         COUNT writes of 64 KiB over TCP
 *   receive      COUNT times 64 KiB over TCP
 *   datagrams    COUNT datagrams of 64 bytes, by batches of 64, from one socket of this process to another: no peer,
 *                since a peer that lags behind would lose some
 *   echo         COUNT times one byte to the peer and back over TCP
 *   accept       COUNT connections accepted and closed; only that is timed. They wait in the backlog, 1000 at a time
 *
 * SocketSpeed and sockets_contestant.py do the same, call by call. The first byte of a connection tells the peer the work.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 64 << 10, MESSAGE = 64, BATCH = 64, BACKLOG = 1000 };
static char piece[PIECE];

static long check(long result, const char *what) {
    if (result < 0) perror(what), exit(1);
    return result;
}

static void require(int condition, const char *what) {
    if (!condition) fprintf(stderr, "%s\n", what), exit(1);
}

static double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

/* What was timed so far. */
static double wall, processor;
static void start(void) { wall -= seconds(CLOCK_MONOTONIC), processor -= seconds(CLOCK_PROCESS_CPUTIME_ID); }
static void stop(void) { wall += seconds(CLOCK_MONOTONIC), processor += seconds(CLOCK_PROCESS_CPUTIME_ID); }

static struct sockaddr_in loopback(int port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int open_socket(int type) { return check(socket(AF_INET, type | SOCK_CLOEXEC, 0), "socket"); }

/* Binds to a port of the kernel's choice, and returns it. */
static int bind_somewhere(int descriptor) {
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    check(bind(descriptor, (struct sockaddr *)&address, length), "bind");
    check(getsockname(descriptor, (struct sockaddr *)&address, &length), "getsockname");
    return ntohs(address.sin_port);
}

static int connect_to(int port) {
    int descriptor = open_socket(SOCK_STREAM);
    struct sockaddr_in address = loopback(port);
    check(connect(descriptor, (struct sockaddr *)&address, sizeof address), "connect");
    return descriptor;
}

static void no_delay(int descriptor) {
    check(setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)), "setsockopt TCP_NODELAY");
}

static void send_all(int descriptor, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = check(send(descriptor, bytes, count, MSG_NOSIGNAL), "send");
        bytes += sent, count -= sent;
    }
}

static int work_with_peer(int port, char what) {
    int descriptor = connect_to(port);
    no_delay(descriptor);
    send_all(descriptor, &what, 1);
    return descriptor;
}

/* --- The peer */

static void make_connections(int control) {
    unsigned char port[2];
    char byte;
    int connection[BACKLOG];
    if (recv(control, port, 2, MSG_WAITALL) != 2) return;
    while (recv(control, &byte, 1, 0) == 1) {
        for (int i = 0; i < BACKLOG; i++) connection[i] = connect_to(port[0] << 8 | port[1]);
        send_all(control, &byte, 1);
        /* They were accepted and closed: only now they end here too. */
        if (recv(control, &byte, 1, 0) != 1) return;
        for (int i = 0; i < BACKLOG; i++) close(connection[i]);
        send_all(control, &byte, 1);
    }
}

static void serve(int connection) {
    char what, byte;
    no_delay(connection);
    if (recv(connection, &what, 1, 0) != 1) return;
    switch (what) {
    case 's': /* takes what is sent, and says when it was the last */
        while (recv(connection, piece, PIECE, 0) > 0) {}
        send(connection, &what, 1, MSG_NOSIGNAL);
        break;
    case 'r': /* sends until nobody wants more */
        while (send(connection, piece, PIECE, MSG_NOSIGNAL) > 0) {}
        break;
    case 'e':
        while (recv(connection, &byte, 1, 0) == 1) send(connection, &byte, 1, MSG_NOSIGNAL);
        break;
    case 'a': make_connections(connection); break;
    }
}

static void peer(void) {
    int listener = open_socket(SOCK_STREAM);
    printf("%d\n", bind_somewhere(listener));
    fflush(stdout);
    check(listen(listener, 16), "listen");
    for (;;) {
        int connection = check(accept4(listener, NULL, NULL, SOCK_CLOEXEC), "accept4");
        serve(connection);
        close(connection);
    }
}

/* --- The contestant */

static void send_work(int port, long count) {
    int descriptor = work_with_peer(port, 's');
    char byte;
    start();
    for (long i = 0; i < count; i++) send_all(descriptor, piece, PIECE);
    check(shutdown(descriptor, SHUT_WR), "shutdown");
    require(check(recv(descriptor, &byte, 1, 0), "recv") == 1, "the peer did not take it");
    stop();
}

static void receive_work(int port, long count) {
    int descriptor = work_with_peer(port, 'r');
    start();
    for (long rest = count * PIECE; rest > 0;) {
        ssize_t received = check(recv(descriptor, piece, rest < PIECE ? rest : PIECE, 0), "recv");
        require(received > 0, "the peer has ended");
        rest -= received;
    }
    stop();
}

static void datagrams_work(long count) {
    static char out[BATCH][MESSAGE], in[BATCH][MESSAGE];
    static struct mmsghdr sent[BATCH], received[BATCH];
    static struct iovec out_vector[BATCH], in_vector[BATCH];
    static struct sockaddr_in to[BATCH];
    static struct sockaddr_storage from[BATCH];
    int sender = open_socket(SOCK_DGRAM), receiver = open_socket(SOCK_DGRAM);
    int sender_port = bind_somewhere(sender), port = bind_somewhere(receiver);
    for (int i = 0; i < BATCH; i++) {
        to[i] = loopback(port);
        out_vector[i] = (struct iovec){out[i], MESSAGE};
        in_vector[i] = (struct iovec){in[i], MESSAGE};
        sent[i].msg_hdr = (struct msghdr){
            .msg_name = &to[i], .msg_namelen = sizeof to[i], .msg_iov = &out_vector[i], .msg_iovlen = 1};
        received[i].msg_hdr = (struct msghdr){.msg_name = &from[i], .msg_iov = &in_vector[i], .msg_iovlen = 1};
    }
    start();
    uint64_t number = 0, expected = 0;
    while (expected < (uint64_t)count) {
        for (int i = 0; i < BATCH; i++) {
            memcpy(out[i], &number, sizeof number);
            memset(out[i] + sizeof number, 'x', MESSAGE - sizeof number);
            number++;
        }
        for (int done = 0; done < BATCH;) {
            done += check(sendmmsg(sender, sent + done, BATCH - done, MSG_NOSIGNAL), "sendmmsg");
        }
        while (expected < number) {
            for (int i = 0; i < BATCH; i++) received[i].msg_hdr.msg_namelen = sizeof from[i];
            int n = check(recvmmsg(receiver, received, BATCH, MSG_WAITFORONE, NULL), "recvmmsg");
            for (int i = 0; i < n; i++) {
                uint64_t found;
                const struct sockaddr_in *source = (const struct sockaddr_in *)&from[i];
                memcpy(&found, in[i], sizeof found);
                require(received[i].msg_len == MESSAGE && found == expected++, "a datagram is missing");
                require(source->sin_family == AF_INET && ntohs(source->sin_port) == sender_port, "from another sender");
            }
        }
    }
    stop();
}

static void echo_work(int port, long count) {
    int descriptor = work_with_peer(port, 'e');
    start();
    for (long i = 0; i < count; i++) {
        char byte = i, answer;
        check(send(descriptor, &byte, 1, MSG_NOSIGNAL), "send");
        require(check(recv(descriptor, &answer, 1, 0), "recv") == 1 && answer == byte, "no echo");
    }
    stop();
}

static void accept_work(int port, long count) {
    int listener = open_socket(SOCK_STREAM), own_port = bind_somewhere(listener);
    check(listen(listener, BACKLOG), "listen");
    int control = work_with_peer(port, 'a');
    char byte = 0;
    send_all(control, (char[]){own_port >> 8, own_port}, 2);
    for (long done = 0; done < count; done += BACKLOG) {
        send_all(control, &byte, 1);
        require(check(recv(control, &byte, 1, 0), "recv") == 1, "the peer has ended");
        start();
        for (int i = 0; i < BACKLOG; i++) {
            struct sockaddr_storage from;
            socklen_t length = sizeof from;
            int connection = check(accept4(listener, (struct sockaddr *)&from, &length, SOCK_CLOEXEC), "accept4");
            require(from.ss_family == AF_INET, "from another family");
            check(close(connection), "close");
        }
        stop();
        send_all(control, &byte, 1);
        require(check(recv(control, &byte, 1, 0), "recv") == 1, "the peer has ended");
    }
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "peer") == 0) peer();
    if (argc != 4) return fprintf(stderr, "usage: sockets WORK PORT COUNT\n"), 2;
    int port = atoi(argv[2]);
    long count = atol(argv[3]);
    if (strcmp(argv[1], "send") == 0) send_work(port, count);
    else if (strcmp(argv[1], "receive") == 0) receive_work(port, count);
    else if (strcmp(argv[1], "datagrams") == 0) datagrams_work(count);
    else if (strcmp(argv[1], "echo") == 0) echo_work(port, count);
    else if (strcmp(argv[1], "accept") == 0) accept_work(port, count);
    else return fprintf(stderr, "no work '%s'\n", argv[1]), 2;
    printf("%.9f %.9f\n", wall, processor);
    return 0;
}
