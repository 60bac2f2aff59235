#include "host/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <cerrno>

namespace archaeologist::host {
namespace {

// What OpenSSL has to say about the last call of this thread.
std::string last_reason() {
    const auto error = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = ERR_reason_error_string(error);
    return reason != nullptr ? reason : "it cannot be read";
}

Error wrong_file(const char* what, const std::string& path, const std::string& rule) {
    const auto reason = last_reason();
    return {Code::invalid_argument, std::string(what) + " is \"" + path + "\", " + rule + ": " + reason};
}

// A prompt would hang a daemon: a key with a passphrase is refused.
int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::open(const std::string& certificate, const std::string& key) {
    ERR_clear_error();
    Context context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    if (!context) return Error{Code::internal, "TLS cannot be set up: " + last_reason()};
    SSL_CTX* const tls = context.get();
    SSL_CTX_set_default_passwd_cb(tls, &no_passphrase);
    SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
    SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(tls,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);  // tickets resume sessions without memory of ours
    if (SSL_CTX_use_certificate_chain_file(tls, certificate.c_str()) != 1) {
        return wrong_file("tls-cert", certificate, "must be a certificate in PEM");
    }
    if (SSL_CTX_use_PrivateKey_file(tls, key.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(tls) != 1) {
        return wrong_file("tls-key", key, "must be the certificate's private key in PEM, without a passphrase");
    }
    return std::shared_ptr<const TlsContext>(new TlsContext(std::move(context)));
}

TlsSession::TlsSession(const TlsContext& context, int fd)
    : session_(SSL_new(context.get()), &SSL_free), waits_for_(POLLIN) {
    is_broken_ = !session_ || SSL_set_fd(session_.get(), fd) != 1;
    if (!is_broken_) SSL_set_accept_state(session_.get());
}

std::ptrdiff_t TlsSession::outcome(int returned, std::size_t done) {
    if (returned > 0) return static_cast<std::ptrdiff_t>(done);
    const int system_error = errno;
    const int error = SSL_get_error(session_.get(), returned);
    ERR_clear_error();
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        waits_for_ = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
        errno = EAGAIN;
        return -1;
    }
    if (error == SSL_ERROR_ZERO_RETURN) return 0;
    is_broken_ = true;  // OpenSSL forbids any further use, SSL_shutdown included
    errno = error == SSL_ERROR_SYSCALL && system_error != 0 ? system_error : EPROTO;
    return -1;
}

std::ptrdiff_t TlsSession::receive(char* bytes, std::size_t size) {
    if (is_broken_) {
        errno = EPROTO;
        return -1;
    }
    std::size_t done = 0;
    errno = 0;
    const int returned = SSL_read_ex(session_.get(), bytes, size, &done);
    return outcome(returned, done);
}

std::ptrdiff_t TlsSession::send(std::string_view bytes) {
    if (is_broken_) {
        errno = EPROTO;
        return -1;
    }
    std::size_t done = 0;
    errno = 0;
    const int returned = SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &done);
    return outcome(returned, done);
}

void TlsSession::end_sending() {
    if (is_broken_ || SSL_is_init_finished(session_.get()) != 1) return;
    SSL_shutdown(session_.get());
    ERR_clear_error();
}

}  // namespace archaeologist::host
