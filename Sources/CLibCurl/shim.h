// libcurl for Swift: setopt and getinfo are variadic, which Swift cannot call, so each kind of argument has a
// static-inline function here. Nothing else is added.
#ifndef CROSSDOCK_CLIBCURL_SHIM_H
#define CROSSDOCK_CLIBCURL_SHIM_H

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

// PREREQFUNCTION came with 7.80, curl_easy_header with 7.83, SSH_HOSTKEYFUNCTION with 7.84, PROTOCOLS_STR with 7.85, QUICK_EXIT with 7.87.
#if LIBCURL_VERSION_NUM < 0x075700
#error "libcurl 7.87 or newer is needed"
#endif

// MARK: one transfer

static inline CURLcode crossdock_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode crossdock_curl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
/// libcurl copies the text; NULL puts the option back.
static inline CURLcode crossdock_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
/// libcurl does not copy what `value` points at.
static inline CURLcode crossdock_curl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode crossdock_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode crossdock_curl_set_write(CURL *easy, curl_write_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callback);
}
static inline CURLcode crossdock_curl_set_open_socket(CURL *easy, curl_opensocket_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}
static inline CURLcode crossdock_curl_set_read(CURL *easy, curl_read_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_READFUNCTION, callback);
}
static inline CURLcode crossdock_curl_set_header(CURL *easy, curl_write_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callback);
}
static inline CURLcode crossdock_curl_set_progress(CURL *easy, curl_xferinfo_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, callback);
}
static inline CURLcode crossdock_curl_set_host_key(CURL *easy, curl_sshhostkeycallback callback) {
    return curl_easy_setopt(easy, CURLOPT_SSH_HOSTKEYFUNCTION, callback);
}
static inline CURLcode crossdock_curl_set_before_request(CURL *easy, curl_prereq_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

/// 0 where there is no answer.
static inline long crossdock_curl_get_long(CURL *easy, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}
static inline curl_off_t crossdock_curl_get_offset(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}
/// NULL where there is no answer; else valid until the transfer ends.
static inline const char *crossdock_curl_get_text(CURL *easy, CURLINFO info) {
    char *value = NULL;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : NULL;
}
static inline void *crossdock_curl_get_private(CURL *easy) {
    char *value = NULL;
    return curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}
/// The value of a response header (the first of its name, not of an interim response), or NULL.
static inline const char *crossdock_curl_response_header(CURL *easy, const char *name) {
    struct curl_header *header = NULL;
    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : NULL;
}
/// The socket for an address that was vetted: non-blocking is libcurl's own business, closing on exec is ours.
static inline curl_socket_t crossdock_curl_socket(const struct curl_sockaddr *address) {
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}
static inline const struct sockaddr *crossdock_curl_address(const struct curl_sockaddr *address) { return &address->addr; }

/// Scheme, host and port of a URL, each to be freed with curl_free, or NULL.
static inline CURLUcode crossdock_curl_origin(const char *url, char **scheme, char **host, char **port) {
    CURLU *parts = curl_url();
    if (!parts) return CURLUE_OUT_OF_MEMORY;
    CURLUcode code = curl_url_set(parts, CURLUPART_URL, url, 0);
    if (code == CURLUE_OK) code = curl_url_get(parts, CURLUPART_SCHEME, scheme, 0);
    if (code == CURLUE_OK) code = curl_url_get(parts, CURLUPART_HOST, host, 0);
    if (code == CURLUE_OK) code = curl_url_get(parts, CURLUPART_PORT, port, CURLU_DEFAULT_PORT);
    curl_url_cleanup(parts);
    return code;
}

/// Constants of libcurl that are expressions with casts, which Swift does not import.
static const long crossdock_CURLUSESSL_ALL = CURLUSESSL_ALL;
static const long crossdock_CURLSSH_AUTH_PASSWORD = CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD;
static const long crossdock_CURLSSH_AUTH_KEY = CURLSSH_AUTH_PUBLICKEY;
static const long crossdock_CURL_SSLVERSION_TLSv1_2 = (long)CURL_SSLVERSION_TLSv1_2 | (long)CURL_SSLVERSION_MAX_TLSv1_2;
static const long crossdock_CURLFTPMETHOD_SINGLECWD = CURLFTPMETHOD_SINGLECWD;
static const int crossdock_CURLKHMATCH_OK = CURLKHMATCH_OK;
static const int crossdock_CURLKHMATCH_MISMATCH = CURLKHMATCH_MISMATCH;
static const size_t crossdock_CURL_READFUNC_ABORT = CURL_READFUNC_ABORT;

/// The names of this libcurl's protocols, as `sftp`; NULL at the end.
static inline const char *crossdock_curl_protocol(int index) {
    const char *const *names = curl_version_info(CURLVERSION_NOW)->protocols;
    for (int each = 0; each < index; each++) if (!names[each]) return NULL;
    return names[index];
}

// MARK: the multi handle

static inline CURLMcode crossdock_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode crossdock_curl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode crossdock_curl_multi_set_socket(CURLM *multi, curl_socket_callback callback) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}
static inline CURLMcode crossdock_curl_multi_set_timer(CURLM *multi, curl_multi_timer_callback callback) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}

/// The next transfer that ended, or NULL; `result` gets its code. (The message's result is a union, which Swift shows awkwardly.)
static inline CURL *crossdock_curl_multi_next_done(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

static inline CURLcode crossdock_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

/// The library of this libcurl for SSH, with its version, such as `libssh2/1.10.0`; NULL where it has none.
static inline const char *crossdock_curl_ssh_library(void) { return curl_version_info(CURLVERSION_NOW)->libssh_version; }

/// Where this libcurl looks for certificate authorities: a PEM file and a folder, either of them NULL.
static inline const char *crossdock_curl_authorities_file(void) { return curl_version_info(CURLVERSION_NOW)->cainfo; }
static inline const char *crossdock_curl_authorities_folder(void) { return curl_version_info(CURLVERSION_NOW)->capath; }

#endif
