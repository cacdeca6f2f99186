#pragma once
// What `Privileges` needs of C and Swift can't see by itself: a variadic call, a global variable, what the C library hides.

#include <linux/netlink.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

// The C library hides these behind _GNU_SOURCE, which a module can't define for it.
extern char **environ;
int getresuid(uid_t *real, uid_t *effective, uid_t *saved);
int getresgid(gid_t *real, gid_t *effective, gid_t *saved);
int setresuid(uid_t real, uid_t effective, uid_t saved);
int setresgid(gid_t real, gid_t effective, gid_t saved);

/// prctl(2) with its two arguments that matter here; the kernel wants the others zero.
static inline int netprobe_prctl(int option, unsigned long argument2, unsigned long argument3) {
    return prctl(option, argument2, argument3, 0UL, 0UL);
}

/// environ(7): the array itself, so that it can be edited in place before there is a second thread.
static inline char **netprobe_environment(void) {
    return environ;
}
