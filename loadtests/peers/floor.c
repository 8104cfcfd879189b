/*
 * The floor: the least that a fan-out over WebSockets can cost on a machine. One thread waits with epoll; a message that is posted becomes one frame,
 * and each follower costs one write() of it. No channels, no languages, no history, no limits, no slow readers: whoever does not take a frame at once is dropped.
 *
 *   floor PORT      127.0.0.1 only. GET is answered as a WebSocket, the body of a POST goes to all of them.
 *
 * It answers every handshake with the same Sec-WebSocket-Accept, for the load test's clients all send the same key.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_FILES 1048576
#define BODY_LIMIT (64 * 1024)
#define BATCH 256

static const char upgraded[] =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Accept: tYrQ0Gl1G59YVHiGZfyOPI76MCA=\r\n\r\n";
static const char done[] = "HTTP/1.1 204 No Content\r\n\r\n";

static int *followers;       /* their files, without gaps */
static int follower_count;
static int *place_of;        /* by file: its place among the followers, or -1 */

/* The one publisher's request, as far as it has come. */
static char request[BODY_LIMIT + 8192];
static size_t request_length;

static void drop(int file)
{
    int place = place_of[file];
    if (place >= 0) {
        int last = followers[--follower_count];
        followers[place] = last;
        place_of[last] = place;
        place_of[file] = -1;
    }
    close(file);
}

static void send_to_all(const char *body, size_t length)
{
    static unsigned char frame[BODY_LIMIT + 4];
    size_t head = 2;
    frame[0] = 0x81;
    if (length < 126) {
        frame[1] = (unsigned char)length;
    } else {
        frame[1] = 126;
        frame[2] = (unsigned char)(length >> 8);
        frame[3] = (unsigned char)length;
        head = 4;
    }
    memcpy(frame + head, body, length);
    ssize_t whole = (ssize_t)(head + length);
    for (int i = follower_count - 1; i >= 0; i--) {
        if (write(followers[i], frame, (size_t)whole) != whole)
            drop(followers[i]);
    }
}

/* Returns whether the request is complete and was carried out. */
static int publish(int file)
{
    request[request_length] = 0;
    char *end = strstr(request, "\r\n\r\n");
    char *field = end ? strcasestr(request, "\r\ncontent-length:") : NULL;
    if (!end || !field)
        return 0;
    size_t length = strtoul(field + 17, NULL, 10);
    char *body = end + 4;
    if (length >= BODY_LIMIT || request_length < (size_t)(body - request) + length)
        return 0;
    send_to_all(body, length);
    if (write(file, done, sizeof done - 1) < 0)
        drop(file);
    return 1;
}

static void readable(int file)
{
    static char bytes[16384];
    ssize_t got = read(file, bytes, sizeof bytes - 1);
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR))
            drop(file);
        return;
    }
    if (place_of[file] >= 0)
        return; /* Followers have nothing to say. */
    if (request_length == 0 && got > 4 && memcmp(bytes, "GET ", 4) == 0) {
        if (write(file, upgraded, sizeof upgraded - 1) < 0) {
            drop(file);
            return;
        }
        place_of[file] = follower_count;
        followers[follower_count++] = file;
        return;
    }
    if (request_length + (size_t)got >= sizeof request) {
        request_length = 0;
        drop(file);
        return;
    }
    memcpy(request + request_length, bytes, (size_t)got);
    request_length += (size_t)got;
    if (publish(file))
        request_length = 0;
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: floor PORT\n");
        return 2;
    }
    followers = malloc(MOST_FILES * sizeof *followers);
    place_of = malloc(MOST_FILES * sizeof *place_of);
    if (!followers || !place_of)
        return 1;
    memset(place_of, 0xff, MOST_FILES * sizeof *place_of);

    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
        perror("listen");
        return 1;
    }
    int poll = epoll_create1(0);
    struct epoll_event interest = { .events = EPOLLIN, .data.fd = listener };
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &interest);
    puts("listening");
    fflush(stdout);

    for (;;) {
        struct epoll_event found[BATCH];
        int events = epoll_wait(poll, found, BATCH, -1);
        for (int i = 0; i < events; i++) {
            int file = found[i].data.fd;
            if (file != listener) {
                readable(file);
                continue;
            }
            int accepted;
            while ((accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                interest.data.fd = accepted;
                epoll_ctl(poll, EPOLL_CTL_ADD, accepted, &interest);
            }
        }
    }
}
