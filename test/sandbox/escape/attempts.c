// Attempts of native code to get out of the process it runs in, or at something it was not given. Each does something harmless
// that shows that the way is open; none damages the machine, also as root and without a sandbox.
// An attempt gives 1 where the way is open, and the negative number of the error where it is not.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <linux/vm_sockets.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef MFD_CLOEXEC
#define MFD_CLOEXEC 1U
#endif

extern char **environ;

/** What the one who attacks knows of the outside, told by the test. */
static int loopback_port;
static int leaked_fd;
static char abstract_name[64];
static char socket_path[100];
static char source_file[512];
static char node_file[512];
static char cache_folder[512];

static long shown(long result) { return result < 0 ? -errno : 1; }
/** Open where the call got past the check of rights and failed for another reason. */
static long past_rights(long result) {
  if (result >= 0) return 1;
  return errno == EPERM || errno == EACCES || errno == ENOSYS ? -errno : 1;
}
static long opens(const char *path, int flags) {
  int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0600);
  if (fd < 0) return -errno;
  close(fd);
  return 1;
}
static long reads(const char *path) {
  char byte;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return -errno;
  ssize_t count = read(fd, &byte, 1);
  int error = errno;
  close(fd);
  return count == 1 ? 1 : count == 0 ? -ENODATA : -error;
}
static long lists(const char *path) {
  DIR *folder = opendir(path);
  if (!folder) return -errno;
  int count = 0;
  while (readdir(folder)) count++;
  closedir(folder);
  return count > 2 ? 1 : -ENODATA;
}
static long creates(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return -errno;
  close(fd);
  unlink(path);
  return 1;
}
static long makes_socket(int domain, int type, int protocol) {
  int fd = socket(domain, type, protocol);
  if (fd < 0) return -errno;
  close(fd);
  return 1;
}
static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}
static long connects(const struct sockaddr *address, socklen_t size, int domain) {
  int fd = socket(domain, SOCK_STREAM, 0);
  if (fd < 0) return -errno;
  long result = shown(connect(fd, address, size));
  close(fd);
  return result;
}
static long child_of(long pid) {
  if (pid < 0) return -errno;
  if (pid == 0) _exit(0);
  waitpid(pid, NULL, __WALL);
  return 1;
}

// Files.
static long read_passwd(void) { return reads("/etc/passwd"); }
static long read_shadow(void) { return reads("/etc/shadow"); }
static long read_ssh_host_key(void) { return reads("/etc/ssh/ssh_host_ed25519_key"); }
static long read_hostname(void) { return reads("/etc/hostname"); }
static long list_root(void) {
  // A container's own root is no secret: what counts is a folder of the machine.
  return lists("/etc");
}
static long list_home(void) { return lists(getuid() == 0 ? "/root" : "/home"); }
static long list_tmp(void) { return lists("/var"); }
static long create_in_tmp(void) { return creates("/tmp/anrf-escape-file"); }
static long create_in_root(void) { return creates("/anrf-escape-file"); }
static long create_in_shm(void) { return creates("/dev/shm/anrf-escape-file"); }
static long create_unnamed(void) { return opens("/tmp", O_TMPFILE | O_WRONLY); }
static long create_beside_source(void) {
  char path[600];
  snprintf(path, sizeof path, "%s.escape", source_file);
  return creates(path);
}
static long write_source(void) { return opens(source_file, O_WRONLY); }
static long write_node(void) { return shown(access(node_file, W_OK)); }
static long create_in_cache(void) {
  char path[600];
  snprintf(path, sizeof path, "%s/escape", cache_folder);
  return creates(path);
}
static long make_folder(void) {
  long result = shown(mkdir("/tmp/anrf-escape-folder", 0700));
  if (result == 1) rmdir("/tmp/anrf-escape-folder");
  return result;
}
static long make_symlink(void) {
  long result = shown(symlink("/etc/passwd", "/tmp/anrf-escape-link"));
  if (result == 1) unlink("/tmp/anrf-escape-link");
  return result;
}
static long make_hard_link(void) {
  char path[600];
  snprintf(path, sizeof path, "%s.link", source_file);
  long result = shown(link(source_file, path));
  if (result == 1) unlink(path);
  return result;
}
static long rename_file(void) {
  int fd = open("/tmp/anrf-escape-a", O_CREAT | O_WRONLY, 0600);
  if (fd < 0) return -errno;
  close(fd);
  long result = shown(rename("/tmp/anrf-escape-a", "/tmp/anrf-escape-b"));
  unlink("/tmp/anrf-escape-b");
  return result;
}
static long change_mode(void) {
  struct stat found;
  if (stat(source_file, &found) < 0) return -errno;
  return shown(chmod(source_file, found.st_mode & 07777));
}
static long change_owner(void) { return shown(chown(source_file, -1, -1)); }
static long change_times(void) {
  struct stat found;
  if (stat(source_file, &found) < 0) return -errno;
  struct timespec times[2] = {found.st_atim, found.st_mtim};
  return shown(utimensat(AT_FDCWD, source_file, times, 0));
}
static long truncate_source(void) {
  struct stat found;
  if (stat(source_file, &found) < 0) return -errno;
  return shown(truncate(source_file, found.st_size));
}
static long stat_passwd(void) {
  struct stat found;
  return shown(stat("/etc/passwd", &found));
}
static long read_link_of_self(void) {
  char target[64];
  return shown(readlink("/proc/self/exe", target, sizeof target));
}
static long change_folder(void) { return shown(chdir("/etc")); }
static long change_root(void) { return shown(chroot("/")); }
static long climb_out(void) { return reads("../../../../../../../../etc/passwd"); }
static long open_by_handle(void) {
  struct { struct file_handle head; char bytes[128]; } handle = {.head = {.handle_bytes = 128}};
  int mount_id;
  if (name_to_handle_at(AT_FDCWD, "/", &handle.head, &mount_id, 0) < 0) return -errno;
  int root = open("/", O_RDONLY | O_DIRECTORY);
  int fd = open_by_handle_at(root, &handle.head, O_RDONLY);
  long result = shown(fd);
  close(root);
  return result;
}
static long make_device(void) {
  long result = shown(mknod("/tmp/anrf-escape-device", S_IFCHR | 0600, 0x0101));
  if (result == 1) unlink("/tmp/anrf-escape-device");
  return result;
}
static long make_fifo(void) {
  long result = shown(mknod("/tmp/anrf-escape-fifo", S_IFIFO | 0600, 0));
  if (result == 1) unlink("/tmp/anrf-escape-fifo");
  return result;
}
static long copy_files(void) {
  int from = open(source_file, O_RDONLY), to = open("/tmp/anrf-escape-copy", O_CREAT | O_WRONLY, 0600);
  long result = from < 0 || to < 0 ? -errno : shown(copy_file_range(from, NULL, to, NULL, 1, 0));
  if (to >= 0) unlink("/tmp/anrf-escape-copy");
  return result;
}
static long lock_source(void) {
  int fd = open(source_file, O_RDONLY);
  return fd < 0 ? -errno : shown(flock(fd, LOCK_SH | LOCK_NB));
}
static long watch_files(void) {
  int fd = inotify_init1(0);
  return fd < 0 ? -errno : shown(inotify_add_watch(fd, "/", IN_OPEN));
}
static long watch_machine(void) { return shown(syscall(SYS_fanotify_init, 0, 0)); }

// /proc, /sys and devices.
static long list_processes(void) { return lists("/proc"); }
static long read_own_environment(void) { return opens("/proc/self/environ", O_RDONLY); }
static long read_first_environment(void) { return reads("/proc/1/environ"); }
static long read_parent_environment(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/environ", getppid());
  return reads(path);
}
static long read_parent_maps(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/maps", getppid());
  return reads(path);
}
static long open_own_memory(void) { return opens("/proc/self/mem", O_RDWR); }
static long open_parent_memory(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/mem", getppid());
  return opens(path, O_RDWR);
}
static long open_parent_root(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/root/etc/passwd", getppid());
  return reads(path);
}
static long open_parent_descriptor(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/fd", getppid());
  return lists(path);
}
static long write_core_pattern(void) { return opens("/proc/sys/kernel/core_pattern", O_WRONLY); }
static long write_sysrq(void) { return opens("/proc/sysrq-trigger", O_WRONLY); }
static long write_oom_score(void) { return opens("/proc/self/oom_score_adj", O_WRONLY); }
static long read_kernel_log(void) { return shown(syscall(SYS_syslog, 10, NULL, 0)); }
static long list_sys(void) { return lists("/sys"); }
static long write_cgroup(void) {
  if (opens("/sys/fs/cgroup/cgroup.procs", O_WRONLY) == 1) return 1;
  return opens("/sys/fs/cgroup/memory/cgroup.procs", O_WRONLY);
}
static long open_kvm(void) { return opens("/dev/kvm", O_RDWR); }
static long open_memory_device(void) { return opens("/dev/mem", O_RDONLY); }
static long open_null(void) { return opens("/dev/null", O_RDWR); }
static long open_terminal(void) { return opens("/dev/ptmx", O_RDWR); }
static long open_fuse(void) { return opens("/dev/fuse", O_RDWR); }
static long open_docker(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/var/run/docker.sock"};
  return connects((struct sockaddr *)&address, sizeof address, AF_UNIX);
}
static long type_into_terminal(void) { return past_rights(ioctl(STDERR_FILENO, TIOCSTI, "x")); }
static long ask_terminal(void) {
  int unread;
  return shown(ioctl(3, FIONREAD, &unread));
}

// The network: listeners of the test on loopback.
static long socket_inet(void) { return makes_socket(AF_INET, SOCK_STREAM, 0); }
static long socket_inet6(void) { return makes_socket(AF_INET6, SOCK_STREAM, 0); }
static long socket_udp(void) { return makes_socket(AF_INET, SOCK_DGRAM, 0); }
static long socket_unix(void) { return makes_socket(AF_UNIX, SOCK_STREAM, 0); }
static long socket_raw(void) { return makes_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }
static long socket_packet(void) { return makes_socket(AF_PACKET, SOCK_RAW, 0); }
static long socket_netlink(void) { return makes_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE); }
static long socket_vsock(void) { return makes_socket(AF_VSOCK, SOCK_STREAM, 0); }
static long socket_crypto(void) { return makes_socket(38 /* AF_ALG */, SOCK_SEQPACKET, 0); }
static long connect_loopback(void) {
  struct sockaddr_in address = loopback(loopback_port);
  return connects((struct sockaddr *)&address, sizeof address, AF_INET);
}
static long send_datagram(void) {
  struct sockaddr_in address = loopback(loopback_port);
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  return fd < 0 ? -errno : shown(sendto(fd, "x", 1, 0, (struct sockaddr *)&address, sizeof address));
}
static long listen_on_loopback(void) {
  struct sockaddr_in address = loopback(0);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0) return -errno;
  return shown(listen(fd, 1));
}
static long connect_unix_path(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, socket_path, sizeof address.sun_path - 1);
  return connects((struct sockaddr *)&address, sizeof address, AF_UNIX);
}
static long connect_abstract(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path + 1, abstract_name, strlen(abstract_name));
  return connects((struct sockaddr *)&address, offsetof(struct sockaddr_un, sun_path) + 1 + strlen(abstract_name), AF_UNIX);
}
static long make_pair(void) {
  int pair[2];
  return shown(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
}
static long send_descriptor(void) {
  // Over the channel: the parent would be handed a descriptor.
  char byte = 0, control[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec data = {.iov_base = &byte, .iov_len = 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(head), &(int){2}, sizeof(int));
  return shown(sendmsg(3, &message, MSG_DONTWAIT));
}
static long receive_message(void) {
  char byte;
  struct iovec data = {.iov_base = &byte, .iov_len = 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
  return recvmsg(3, &message, MSG_DONTWAIT) >= 0 || errno == EAGAIN ? 1 : -errno;
}
static long send_to_channel(void) { return shown(send(3, "x", 0, MSG_DONTWAIT | MSG_NOSIGNAL)); }
static long name_of_peer(void) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  return shown(getsockopt(3, SOL_SOCKET, SO_PEERCRED, &peer, &size));
}
static long set_option(void) { return shown(setsockopt(3, SOL_SOCKET, SO_SNDBUF, &(int){1 << 20}, sizeof(int))); }
static long shut_channel_of_parent(void) { return past_rights(syscall(SYS_shutdown, 3, 5)); }

// Processes.
static long fork_process(void) { return child_of(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }
static long call_fork(void) {
#ifdef SYS_fork
  return child_of(syscall(SYS_fork));
#else
  return -ENOSYS;
#endif
}
static long call_clone3(void) {
  struct { uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls; } args = {.exit_signal = SIGCHLD};
  return child_of(syscall(SYS_clone3, &args, sizeof args));
}
static long fork_bomb(void) {
  int made = 0;
  for (int i = 0; i < 100; i++) {
    long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) _exit(0);
    if (pid < 0) break;
    made++;
  }
  int error = errno;
  while (waitpid(-1, NULL, WNOHANG) > 0)
    ;
  return made > 0 ? 1 : -error;
}
static int end_at_once(void *argument) {
  (void)argument;
  return 0;
}
static long start_thread(void) {
  static char stack[1 << 16];
  int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  return shown(clone(end_at_once, stack + sizeof stack, flags, NULL));
}
static long clone_into_namespaces(void) { return child_of(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)); }
static long execute_shell(void) {
  // Fails with E2BIG when everything else is permitted: nothing is run.
  if (access("/bin/sh", X_OK) < 0) return -errno;
  static char long_text[256 * 1024];
  memset(long_text, 'x', sizeof long_text - 1);
  char *words[] = {"sh", long_text, NULL};
  execve("/bin/sh", words, NULL);
  return errno == E2BIG ? 1 : -errno;
}
static long execute_node(void) {
  static char long_text[256 * 1024];
  memset(long_text, 'x', sizeof long_text - 1);
  char *words[] = {"node", long_text, NULL};
  execve(node_file, words, NULL);
  return errno == E2BIG ? 1 : -errno;
}
static long execute_descriptor(void) {
  int fd = open(node_file, O_PATH);
  if (fd < 0) return -errno;
  static char long_text[256 * 1024];
  memset(long_text, 'x', sizeof long_text - 1);
  char *words[] = {"node", long_text, NULL};
  syscall(SYS_execveat, fd, "", words, NULL, AT_EMPTY_PATH);
  return errno == E2BIG ? 1 : -errno;
}
static long execute_memory(void) {
  int fd = syscall(SYS_memfd_create, "x", 0);
  if (fd < 0) return -errno;
  return shown(write(fd, "#!", 2));
}
static long signal_parent(void) { return shown(kill(getppid(), 0)); }
static long signal_everybody(void) { return shown(kill(-1, 0)); }
static long signal_first(void) { return shown(kill(1, 0)); }
static long signal_parent_thread(void) { return shown(syscall(SYS_tgkill, getppid(), getppid(), 0)); }
static long abort_parent(void) {
  // The one signal that a worker may send is to itself. A process that is gone stands for another one.
  long result = syscall(SYS_tgkill, 0x3fffff, 0x3fffff, SIGABRT);
  return result == 0 || errno == ESRCH ? 1 : -errno;
}
static long queue_signal(void) {
  siginfo_t info = {.si_signo = 0, .si_code = SI_QUEUE};
  return shown(syscall(SYS_rt_sigqueueinfo, getppid(), 0, &info));
}
static long call_tkill(void) { return shown(syscall(SYS_tkill, getppid(), 0)); }
static long trace_parent(void) {
  // PTRACE_SEIZE does not stop it.
  long result = shown(ptrace(0x4206, getppid(), NULL, NULL));
  if (result == 1) ptrace(PTRACE_DETACH, getppid(), NULL, NULL);
  return result;
}
static long trace_me(void) { return shown(ptrace(PTRACE_TRACEME, 0, NULL, NULL)); }
static long read_process(int pid) {
  static char source = 'x';
  char target = 0;
  struct iovec local = {&target, 1}, remote = {&source, 1};
  long result = syscall(SYS_process_vm_readv, pid, &local, 1, &remote, 1, 0);
  // Another process has nothing at this address, which it says only to those who may ask.
  return result == 1 || (result < 0 && errno == EFAULT) ? 1 : -errno;
}
static long read_parent_process(void) { return read_process(getppid()); }
static long read_self_by_call(void) { return read_process(getpid()); }
static long write_parent_process(void) {
  char byte = 'y';
  struct iovec local = {&byte, 1}, remote = {(void *)8, 1};
  long result = syscall(SYS_process_vm_writev, getppid(), &local, 1, &remote, 1, 0);
  return result == 1 || (result < 0 && errno == EFAULT) ? 1 : -errno;
}
static long open_pidfd(void) { return shown(syscall(SYS_pidfd_open, getppid(), 0)); }
static long steal_descriptor(void) {
  int fd = syscall(SYS_pidfd_open, getppid(), 0);
  if (fd < 0) return -errno;
  return shown(syscall(SYS_pidfd_getfd, fd, 0, 0));
}
static long signal_by_pidfd(void) {
  int fd = syscall(SYS_pidfd_open, getppid(), 0);
  if (fd < 0) return -errno;
  return shown(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));
}
static long compare_processes(void) { return shown(syscall(SYS_kcmp, getpid(), getppid(), 3, 0, 0)); }
static long priority_of_parent(void) {
  errno = 0;
  int priority = getpriority(PRIO_PROCESS, getppid());
  return priority == -1 && errno != 0 ? -errno : 1;
}
static long limits_of_parent(void) {
  struct rlimit found;
  return shown(prlimit(getppid(), RLIMIT_NOFILE, NULL, &found));
}
static long find_session(void) { return shown(getsid(getppid())); }
static long make_session(void) { return past_rights(setsid()); }

// Namespaces, mounts and rights.
static long new_user_namespace(void) {
  // Only a process of one thread may: EINVAL says that it was the threads.
  long result = unshare(CLONE_NEWUSER);
  return result == 0 || errno == EINVAL ? 1 : -errno;
}
static long new_network(void) { return shown(unshare(CLONE_NEWNET)); }
static long new_mounts(void) { return shown(unshare(CLONE_NEWNS)); }
static long enter_namespace(void) {
  int fd = open("/proc/1/ns/uts", O_RDONLY);
  return fd < 0 ? -errno : shown(setns(fd, CLONE_NEWUTS));
}
static long enter_by_pidfd(void) {
  int fd = syscall(SYS_pidfd_open, getppid(), 0);
  return fd < 0 ? -errno : shown(setns(fd, CLONE_NEWUTS));
}
static long mount_memory(void) {
  mkdir("/tmp/anrf-escape-mount", 0700);
  long result = shown(mount("none", "/tmp/anrf-escape-mount", "tmpfs", 0, NULL));
  if (result == 1) umount2("/tmp/anrf-escape-mount", MNT_DETACH);
  int error = errno;
  rmdir("/tmp/anrf-escape-mount");
  errno = error;
  return result;
}
static const char *node_folder(void) {
  static char path[512];
  strcpy(path, node_file);
  *strrchr(path, '/') = 0;
  return path;
}
static long remount_writable(void) {
  // No mount point: those who may mount are told so.
  return past_rights(mount(NULL, node_folder(), NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
}
static long unmount(void) { return past_rights(umount2(node_folder(), MNT_DETACH)); }
static long pivot_root_away(void) { return past_rights(syscall(SYS_pivot_root, "/anrf-no-such-folder", "/anrf-no-such-folder")); }
static long open_file_system(void) { return shown(syscall(SYS_fsopen, "tmpfs", 0)); }
static long clone_tree(void) { return shown(syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */)); }
static long move_mount_call(void) { return past_rights(syscall(SYS_move_mount, AT_FDCWD, "/anrf-no-such-folder", AT_FDCWD, "/", 0)); }
static long set_mount_attribute(void) {
  uint64_t attributes[4] = {0};
  return past_rights(syscall(SYS_mount_setattr, AT_FDCWD, "/anrf-no-such-folder", 0, attributes, sizeof attributes));
}
static long become_root(void) { return shown(setuid(0)); }
static long become_other(void) { return shown(setresuid(1, 1, 1)); }
static long become_other_group(void) { return shown(setresgid(1, 1, 1)); }
static long set_groups(void) { return shown(syscall(SYS_setgroups, 0, NULL)); }
static long take_capabilities(void) {
  struct { uint32_t version; int pid; } head = {0x20080522, 0};
  struct { uint32_t effective, permitted, inheritable; } data[2] = {{0}};
  if (syscall(SYS_capget, &head, data) < 0) return -errno;
  data[0].effective |= 1 << 21; // CAP_SYS_ADMIN
  data[0].permitted |= 1 << 21;
  return shown(syscall(SYS_capset, &head, data));
}
static long ambient_capability(void) { return shown(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)); }
static long keep_capabilities(void) { return shown(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)); }
static long become_dumpable(void) { return shown(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }
static long outlive_parent(void) { return shown(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)); }
static long become_reaper(void) { return shown(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)); }
static long allow_all_filter(void) {
  struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
  struct sock_fprog program = {1, &allow};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return shown(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}
static long listener_filter(void) {
  struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
  struct sock_fprog program = {1, &allow};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return shown(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}
static long raise_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_CORE, &limit) < 0) return -errno;
  if (limit.rlim_max == 0) return -EPERM;
  limit.rlim_cur = limit.rlim_max;
  return shown(setrlimit(RLIMIT_CORE, &limit));
}
static long raise_limit_by_prlimit(void) {
  struct rlimit limit = {0, 0};
  return shown(syscall(SYS_prlimit64, 0, RLIMIT_CORE, &limit, NULL));
}

// The machine.
static long load_module(void) { return past_rights(syscall(SYS_init_module, NULL, 0, "")); }
static long load_module_file(void) { return past_rights(syscall(SYS_finit_module, -1, "", 0)); }
static long unload_module(void) { return past_rights(syscall(SYS_delete_module, "anrf-no-such-module", O_NONBLOCK)); }
static long load_kernel(void) { return past_rights(syscall(SYS_kexec_load, 0, 0, NULL, 0xffff)); }
static long reboot_machine(void) {
  // Wrong magic numbers: nothing happens, and those who may are told EINVAL.
  return past_rights(syscall(SYS_reboot, 0, 0, 0, NULL));
}
static long stop_swapping(void) { return past_rights(syscall(SYS_swapoff, "/anrf-no-such-file")); }
static long account(void) { return past_rights(syscall(SYS_acct, "/anrf-no-such-file")); }
static long name_host(void) {
  char name[256] = "worker";
  gethostname(name, sizeof name);
  return shown(sethostname(name, strlen(name)));
}
static long name_domain(void) { return past_rights(syscall(SYS_setdomainname, NULL, 65)); }
static long read_clock_discipline(void) {
  struct timex state = {.modes = 0};
  return shown(adjtimex(&state));
}
static long set_clock(void) {
  struct timex state = {.modes = ADJ_TICK, .tick = -1};
  return past_rights(clock_adjtime(CLOCK_REALTIME, &state));
}
static long load_bpf(void) {
  union bpf_attr attributes = {0};
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = 4;
  attributes.value_size = 4;
  attributes.max_entries = 1;
  return shown(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}
static long count_events(void) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes, .config = PERF_COUNT_SW_CPU_CLOCK};
  attributes.exclude_kernel = 1;
  return shown(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}
static long handle_faults(void) { return shown(syscall(SYS_userfaultfd, 1 /* UFFD_USER_MODE_ONLY */)); }
static long make_ring(void) {
  char parameters[120] = {0};
  return shown(syscall(SYS_io_uring_setup, 4, parameters));
}
static long make_polling_ring(void) {
  uint32_t parameters[30] = {0};
  parameters[2] = 2; // IORING_SETUP_SQPOLL
  return shown(syscall(SYS_io_uring_setup, 4, parameters));
}
static long add_kernel_key(void) { return shown(syscall(SYS_add_key, "user", "anrf-escape", "x", 1, -3)); }
static long join_keyring(void) { return shown(syscall(SYS_keyctl, 0, -3, 1)); }
static long request_kernel_key(void) { return past_rights(syscall(SYS_request_key, "user", "anrf-no-such-key", NULL, 0)); }
static long no_randomness(void) { return shown(syscall(SYS_personality, 0xffffffff)); }
static long real_time_priority(void) { return shown(sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){1})); }
static long higher_priority(void) { return shown(setpriority(PRIO_PROCESS, 0, -5)); }
static long choose_processor(void) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(0, &set);
  return shown(sched_setaffinity(0, sizeof set, &set));
}
static long io_priority(void) { return shown(syscall(SYS_ioprio_set, 1, 0, 2 << 13)); }
static long move_memory(void) { return shown(syscall(SYS_mbind, NULL, 0, 0, NULL, 0, 0)); }
static long hardware_ports(void) {
#ifdef SYS_iopl
  return shown(syscall(SYS_iopl, 3));
#else
  return -ENOSYS;
#endif
}
static long old_segments(void) {
#ifdef SYS_modify_ldt
  char entry[16];
  return shown(syscall(SYS_modify_ldt, 0, entry, sizeof entry));
#else
  return -ENOSYS;
#endif
}
static long call_32_bit(void) {
#ifdef __x86_64__
  // getpid by the numbers and the entry of 32-bit programs.
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
  return result > 0 ? 1 : result;
#else
  return -ENOSYS;
#endif
}
static long call_x32(void) {
#ifdef __x86_64__
  return shown(syscall(0x40000000 + SYS_getpid));
#else
  return -ENOSYS;
#endif
}

// Memory and channels that others could see, or that would not be counted.
static long shared_memory(void) { return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ? 1 : -errno; }
static long map_file(void) {
  int fd = open(source_file, O_RDONLY);
  if (fd < 0) return -errno;
  return mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0) != MAP_FAILED ? 1 : -errno;
}
static long map_open_descriptor(void) { return mmap(NULL, 1, PROT_READ, MAP_PRIVATE, leaked_fd, 0) != MAP_FAILED ? 1 : -errno; }
static long memory_file(void) { return shown(syscall(SYS_memfd_create, "x", MFD_CLOEXEC)); }
static long secret_memory(void) {
#ifdef SYS_memfd_secret
  return shown(syscall(SYS_memfd_secret, 0));
#else
  return -ENOSYS;
#endif
}
static long system_v_memory(void) {
  int id = shmget(IPC_PRIVATE, 4096, 0600);
  if (id < 0) return -errno;
  shmctl(id, IPC_RMID, NULL);
  return 1;
}
static long system_v_message(void) {
  int id = syscall(SYS_msgget, 0, 0600);
  if (id < 0) return -errno;
  syscall(SYS_msgctl, id, 0, NULL);
  return 1;
}
static long system_v_semaphore(void) {
  int id = syscall(SYS_semget, 0, 1, 0600);
  if (id < 0) return -errno;
  syscall(SYS_semctl, id, 0, 0);
  return 1;
}
static long message_queue(void) {
  int fd = syscall(SYS_mq_open, "anrf-escape", O_CREAT | O_RDWR, 0600, NULL);
  if (fd < 0) return -errno;
  syscall(SYS_mq_unlink, "anrf-escape");
  return 1;
}
static long lock_memory(void) { return shown(mlock(environ, 4096)); }
static long endless_memory(void) {
  // 8 GiB, of which each page is written: more than any worker may have.
  for (int i = 0; i < 8 * 1024; i++) {
    char *part = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (part == MAP_FAILED) return -errno;
    // Only mapped: the bound counts what could be written, and the machine is not to suffer from the control.
  }
  return 1;
}
static long make_pipe(void) {
  int ends[2];
  return shown(pipe2(ends, 0));
}
static long splice_pages(void) {
  int ends[2];
  if (pipe2(ends, 0) < 0) return -errno;
  char page[1] = "x";
  struct iovec data = {page, 1};
  return shown(vmsplice(ends[1], &data, 1, 0));
}
static long send_file(void) {
  int fd = open(source_file, O_RDONLY);
  if (fd < 0) return -errno;
  return shown(sendfile(2, fd, NULL, 0));
}
static long open_descriptors(void) {
  int made = 0;
  for (int i = 0; i < 300; i++)
    if (dup(2) >= 0) made++;
    else break;
  return made == 300 ? 1 : -errno;
}
static long write_large_file(void) {
  int fd = open("/tmp/anrf-escape-large", O_CREAT | O_WRONLY, 0600);
  if (fd < 0) return -errno;
  long result = shown(write(fd, "x", 1));
  unlink("/tmp/anrf-escape-large");
  return result;
}
static long timer_signals(void) {
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_NONE};
  return shown(syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer));
}
static long timer_descriptor(void) { return shown(timerfd_create(CLOCK_MONOTONIC, 0)); }

// What leaked into the process.
static long read_secret_of_environment(void) {
  for (char **entry = environ; *entry; entry++)
    if (strstr(*entry, "ANRF_ESCAPE_SECRET")) return 1;
  return -ENODATA;
}
static long read_leaked(void) {
  char byte;
  lseek(leaked_fd, 0, SEEK_SET);
  ssize_t count = read(leaked_fd, &byte, 1);
  return count == 1 ? 1 : count == 0 ? -ENODATA : -errno;
}
static long read_leaked_at(void) {
  char byte;
  ssize_t count = pread(leaked_fd, &byte, 1, 0);
  return count == 1 ? 1 : count == 0 ? -ENODATA : -errno;
}
static long duplicate_leaked(void) { return shown(dup2(leaked_fd, 60)); }
static long any_open_file(void) {
  // Regular files, folders and devices that are open, whatever their number.
  for (int fd = 4; fd < 1024; fd++) {
    struct stat found;
    if (fstat(fd, &found) == 0 && (S_ISREG(found.st_mode) || S_ISDIR(found.st_mode) || S_ISBLK(found.st_mode))) return 1;
  }
  return -ENODATA;
}
static long read_standard_input(void) {
  char byte;
  ssize_t count = read(0, &byte, 1);
  return count == 1 ? 1 : count == 0 ? -ENODATA : -errno;
}

typedef struct { const char *group, *name; long (*run)(void); } Attempt;
static const Attempt attempts[] = {
  {"files", "read_passwd", read_passwd},
  {"files", "read_shadow", read_shadow},
  {"files", "read_ssh_host_key", read_ssh_host_key},
  {"files", "read_hostname", read_hostname},
  {"files", "list_root", list_root},
  {"files", "list_home", list_home},
  {"files", "list_tmp", list_tmp},
  {"files", "create_in_tmp", create_in_tmp},
  {"files", "create_in_root", create_in_root},
  {"files", "create_in_shm", create_in_shm},
  {"files", "create_unnamed", create_unnamed},
  {"files", "create_beside_source", create_beside_source},
  {"files", "write_source", write_source},
  {"files", "write_node", write_node},
  {"files", "create_in_cache", create_in_cache},
  {"files", "make_folder", make_folder},
  {"files", "make_symlink", make_symlink},
  {"files", "make_hard_link", make_hard_link},
  {"files", "rename_file", rename_file},
  {"files", "change_mode", change_mode},
  {"files", "change_owner", change_owner},
  {"files", "change_times", change_times},
  {"files", "truncate_source", truncate_source},
  {"files", "stat_passwd", stat_passwd},
  {"files", "read_link_of_self", read_link_of_self},
  {"files", "change_folder", change_folder},
  {"files", "change_root", change_root},
  {"files", "climb_out", climb_out},
  {"files", "open_by_handle", open_by_handle},
  {"files", "make_device", make_device},
  {"files", "make_fifo", make_fifo},
  {"files", "copy_files", copy_files},
  {"files", "lock_source", lock_source},
  {"files", "watch_files", watch_files},
  {"files", "watch_machine", watch_machine},
  {"proc and devices", "list_processes", list_processes},
  {"proc and devices", "read_own_environment", read_own_environment},
  {"proc and devices", "read_first_environment", read_first_environment},
  {"proc and devices", "read_parent_environment", read_parent_environment},
  {"proc and devices", "read_parent_maps", read_parent_maps},
  {"proc and devices", "open_own_memory", open_own_memory},
  {"proc and devices", "open_parent_memory", open_parent_memory},
  {"proc and devices", "open_parent_root", open_parent_root},
  {"proc and devices", "open_parent_descriptor", open_parent_descriptor},
  {"proc and devices", "write_core_pattern", write_core_pattern},
  {"proc and devices", "write_sysrq", write_sysrq},
  {"proc and devices", "write_oom_score", write_oom_score},
  {"proc and devices", "read_kernel_log", read_kernel_log},
  {"proc and devices", "list_sys", list_sys},
  {"proc and devices", "write_cgroup", write_cgroup},
  {"proc and devices", "open_kvm", open_kvm},
  {"proc and devices", "open_memory_device", open_memory_device},
  {"proc and devices", "open_null", open_null},
  {"proc and devices", "open_terminal", open_terminal},
  {"proc and devices", "open_fuse", open_fuse},
  {"proc and devices", "open_docker", open_docker},
  {"proc and devices", "type_into_terminal", type_into_terminal},
  {"proc and devices", "ask_terminal", ask_terminal},
  {"network", "socket_inet", socket_inet},
  {"network", "socket_inet6", socket_inet6},
  {"network", "socket_udp", socket_udp},
  {"network", "socket_unix", socket_unix},
  {"network", "socket_raw", socket_raw},
  {"network", "socket_packet", socket_packet},
  {"network", "socket_netlink", socket_netlink},
  {"network", "socket_vsock", socket_vsock},
  {"network", "socket_crypto", socket_crypto},
  {"network", "connect_loopback", connect_loopback},
  {"network", "send_datagram", send_datagram},
  {"network", "listen_on_loopback", listen_on_loopback},
  {"network", "connect_unix_path", connect_unix_path},
  {"network", "connect_abstract", connect_abstract},
  {"network", "make_pair", make_pair},
  {"network", "send_descriptor", send_descriptor},
  {"network", "receive_message", receive_message},
  {"network", "send_to_channel", send_to_channel},
  {"network", "name_of_peer", name_of_peer},
  {"network", "set_option", set_option},
  {"network", "shut_channel_of_parent", shut_channel_of_parent},
  {"processes", "fork_process", fork_process},
  {"processes", "call_fork", call_fork},
  {"processes", "call_clone3", call_clone3},
  {"processes", "fork_bomb", fork_bomb},
  {"processes", "start_thread", start_thread},
  {"processes", "clone_into_namespaces", clone_into_namespaces},
  {"processes", "execute_shell", execute_shell},
  {"processes", "execute_node", execute_node},
  {"processes", "execute_descriptor", execute_descriptor},
  {"processes", "execute_memory", execute_memory},
  {"processes", "signal_parent", signal_parent},
  {"processes", "signal_everybody", signal_everybody},
  {"processes", "signal_first", signal_first},
  {"processes", "signal_parent_thread", signal_parent_thread},
  {"processes", "abort_parent", abort_parent},
  {"processes", "queue_signal", queue_signal},
  {"processes", "call_tkill", call_tkill},
  {"processes", "trace_parent", trace_parent},
  {"processes", "trace_me", trace_me},
  {"processes", "read_parent_process", read_parent_process},
  {"processes", "read_self_by_call", read_self_by_call},
  {"processes", "write_parent_process", write_parent_process},
  {"processes", "open_pidfd", open_pidfd},
  {"processes", "steal_descriptor", steal_descriptor},
  {"processes", "signal_by_pidfd", signal_by_pidfd},
  {"processes", "compare_processes", compare_processes},
  {"processes", "priority_of_parent", priority_of_parent},
  {"processes", "limits_of_parent", limits_of_parent},
  {"processes", "find_session", find_session},
  {"processes", "make_session", make_session},
  {"rights", "new_user_namespace", new_user_namespace},
  {"rights", "new_network", new_network},
  {"rights", "new_mounts", new_mounts},
  {"rights", "enter_namespace", enter_namespace},
  {"rights", "enter_by_pidfd", enter_by_pidfd},
  {"rights", "mount_memory", mount_memory},
  {"rights", "remount_writable", remount_writable},
  {"rights", "unmount", unmount},
  {"rights", "pivot_root_away", pivot_root_away},
  {"rights", "open_file_system", open_file_system},
  {"rights", "clone_tree", clone_tree},
  {"rights", "move_mount_call", move_mount_call},
  {"rights", "set_mount_attribute", set_mount_attribute},
  {"rights", "become_root", become_root},
  {"rights", "become_other", become_other},
  {"rights", "become_other_group", become_other_group},
  {"rights", "set_groups", set_groups},
  {"rights", "take_capabilities", take_capabilities},
  {"rights", "ambient_capability", ambient_capability},
  {"rights", "keep_capabilities", keep_capabilities},
  {"rights", "become_dumpable", become_dumpable},
  {"rights", "outlive_parent", outlive_parent},
  {"rights", "become_reaper", become_reaper},
  {"rights", "allow_all_filter", allow_all_filter},
  {"rights", "listener_filter", listener_filter},
  {"rights", "raise_limit", raise_limit},
  {"rights", "raise_limit_by_prlimit", raise_limit_by_prlimit},
  {"machine", "load_module", load_module},
  {"machine", "load_module_file", load_module_file},
  {"machine", "unload_module", unload_module},
  {"machine", "load_kernel", load_kernel},
  {"machine", "reboot_machine", reboot_machine},
  {"machine", "stop_swapping", stop_swapping},
  {"machine", "account", account},
  {"machine", "name_host", name_host},
  {"machine", "name_domain", name_domain},
  {"machine", "read_clock_discipline", read_clock_discipline},
  {"machine", "set_clock", set_clock},
  {"machine", "load_bpf", load_bpf},
  {"machine", "count_events", count_events},
  {"machine", "handle_faults", handle_faults},
  {"machine", "make_ring", make_ring},
  {"machine", "make_polling_ring", make_polling_ring},
  {"machine", "add_kernel_key", add_kernel_key},
  {"machine", "join_keyring", join_keyring},
  {"machine", "request_kernel_key", request_kernel_key},
  {"machine", "no_randomness", no_randomness},
  {"machine", "real_time_priority", real_time_priority},
  {"machine", "higher_priority", higher_priority},
  {"machine", "choose_processor", choose_processor},
  {"machine", "io_priority", io_priority},
  {"machine", "move_memory", move_memory},
  {"machine", "hardware_ports", hardware_ports},
  {"machine", "old_segments", old_segments},
  {"machine", "call_32_bit", call_32_bit},
  {"machine", "call_x32", call_x32},
  {"memory", "shared_memory", shared_memory},
  {"memory", "map_file", map_file},
  {"memory", "map_open_descriptor", map_open_descriptor},
  {"memory", "memory_file", memory_file},
  {"memory", "secret_memory", secret_memory},
  {"memory", "system_v_memory", system_v_memory},
  {"memory", "system_v_message", system_v_message},
  {"memory", "system_v_semaphore", system_v_semaphore},
  {"memory", "message_queue", message_queue},
  {"memory", "lock_memory", lock_memory},
  {"memory", "endless_memory", endless_memory},
  {"memory", "make_pipe", make_pipe},
  {"memory", "splice_pages", splice_pages},
  {"memory", "send_file", send_file},
  {"memory", "open_descriptors", open_descriptors},
  {"memory", "write_large_file", write_large_file},
  {"memory", "timer_signals", timer_signals},
  {"memory", "timer_descriptor", timer_descriptor},
  {"leaks", "read_secret_of_environment", read_secret_of_environment},
  {"leaks", "read_leaked", read_leaked},
  {"leaks", "read_leaked_at", read_leaked_at},
  {"leaks", "duplicate_leaked", duplicate_leaked},
  {"leaks", "any_open_file", any_open_file},
  {"leaks", "read_standard_input", read_standard_input},
};
static const int count = sizeof attempts / sizeof attempts[0];

static int list(void) {
  for (int i = 0; i < count; i++) printf("%s %s\n", attempts[i].group, attempts[i].name);
  return 0;
}

static void set_limit(int resource, rlim_t bound) {
  struct rlimit limit = {bound, bound};
  if (setrlimit(resource, &limit) < 0) _exit(101);
}

/** Landlock as the kernel has it: every right on files, TCP ports and scopes that it knows of, given up (landlock(7)). */
static void give_up_files(void) {
  long version = syscall(444 /* landlock_create_ruleset */, NULL, 0, 1);
  if (version < 1) return;
  uint64_t rights[3] = {version >= 5 ? 0xffff : version >= 3 ? 0x7fff : version >= 2 ? 0x3fff : 0x1fff, version >= 4 ? 3 : 0, version >= 6 ? 3 : 0};
  long ruleset = syscall(444, rights, version >= 6 ? 24 : version >= 4 ? 16 : 8, 0);
  if (ruleset < 0 || syscall(446 /* landlock_restrict_self */, ruleset, 0) != 0) _exit(102);
  close(ruleset);
}

/** The same steps in the same order as src/sandbox/isolation/lock-down.ts; `filter` is the inner filter in hexadecimal. */
static void lock_down(unsigned long data_bytes, const char *filter) {
  static struct sock_filter instructions[4096];
  struct sock_fprog program = {strlen(filter) / 16, instructions};
  for (size_t i = 0; i < strlen(filter) / 2; i++) sscanf(filter + 2 * i, "%2hhx", (unsigned char *)instructions + i);
  // The test does not know which process this will be, and puts the greatest number that there is.
  for (int i = 0; i < program.len; i++)
    if (instructions[i].k == 0x7fffffff) instructions[i].k = getpid();
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) _exit(103);
  give_up_files();
  set_limit(RLIMIT_DATA, data_bytes);
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_NOFILE, 0);
  set_limit(RLIMIT_FSIZE, 0);
  set_limit(RLIMIT_NPROC, 0);
  set_limit(RLIMIT_MEMLOCK, 0);
  set_limit(RLIMIT_MSGQUEUE, 0);
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0) _exit(104);
}

/** As src/sandbox/zygote/zygote-main.ts: goes on in a child, whose parent stays to say how it ended. */
static void go_on_in_child(void) {
  pid_t child = fork();
  if (child < 0) _exit(106);
  if (child == 0) return;
  int status;
  if (waitpid(child, &status, 0) != child) _exit(107);
  _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

/**
 * `list`, or what a worker would be given, which ends in LEVEL DATA-BYTES INDEX CONTEXT CONFINEMENT FILTER: `none`, `confined` or
 * `forked`, which is confined in a child. `context` has one word per line: port, leaked descriptor, abstract name, socket, source, node, cache. Writes what the attempt gave to the channel.
 */
int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "list") == 0) return list();
  if (argc < 7) return 100;
  sscanf(argv[argc - 3], "%d\n%d\n%63s\n%99s\n%511s\n%511s\n%511s", &loopback_port, &leaked_fd, abstract_name, socket_path, source_file,
         node_file, cache_folder);
  if (strcmp(argv[argc - 2], "forked") == 0) go_on_in_child();
  if (strcmp(argv[argc - 2], "none") != 0) lock_down(strtoul(argv[argc - 5], NULL, 10), argv[argc - 1]);
  char said[24];
  int index = atoi(argv[argc - 4]);
  long given = index < count ? attempts[index].run() : -EINVAL;
  ssize_t written = write(3, said, snprintf(said, sizeof said, "%ld", given));
  _exit(written > 0 ? 0 : 105);
}
