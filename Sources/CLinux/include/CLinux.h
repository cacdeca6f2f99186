// C declarations of Linux that Swift's Glibc module leaves out: kernel headers, and what glibc hides behind _GNU_SOURCE.
// Declarations only: there is no logic here.
#pragma once

#include <stdint.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>

#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_packet.h>
#include <linux/in6.h>
#include <linux/net_tstamp.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/tipc.h>
#include <linux/udp.h>
#include <linux/vm_sockets.h>

// What glibc declares only under _GNU_SOURCE.
struct mmsghdr {
    struct msghdr msg_hdr;
    unsigned int msg_len;
};
extern int sched_getaffinity(pid_t process, size_t size, cpu_set_t *processors);
extern int sendmmsg(int descriptor, struct mmsghdr *messages, unsigned int count, int flags);
extern int recvmmsg(int descriptor, struct mmsghdr *messages, unsigned int count, int flags, struct timespec *timeout);
extern int ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *timeout, const sigset_t *mask);

extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
enum { POLLRDHUP = 0x2000 };
#define SCM_CREDENTIALS 2
struct ucred {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};

#include "privileges.h"
