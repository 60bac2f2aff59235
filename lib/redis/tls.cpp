#include "redis/tls.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

namespace archaeologist::redis {
namespace {

constexpr std::size_t piece_bytes = 16'384;
constexpr std::size_t writes_bytes_max = std::size_t{1} << 30;  // of one call of OpenSSL, which counts in int

// What OpenSSL has to say about the last call of this thread.
std::string last_reason() {
    const auto error = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = ERR_reason_error_string(error);
    return reason != nullptr ? reason : "no reason is known";
}

Error wrong_file(std::string_view setting, const std::string& path, std::string_view rule) {
    return {Code::invalid_argument, "Redis URL: " + std::string(setting) + " is \"" + path + "\", must be " +
                                        std::string(rule) + ": " + last_reason()};
}

// A prompt would hang a daemon: a key with a passphrase is refused.
int no_passphrase(char*, int, int, void*) { return -1; }

bool is_address(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

Status load(SSL_CTX* context, const TlsFiles& files) {
    if (files.ca.empty()) {
        if (SSL_CTX_set_default_verify_paths(context) != 1) {
            return Error{Code::internal, "TLS: the system's certificates cannot be found: " + last_reason()};
        }
    } else if (SSL_CTX_load_verify_locations(context, files.ca.c_str(), nullptr) != 1) {
        return wrong_file("ca", files.ca, "a file of certificates in PEM");
    }
    if (files.cert.empty()) return {};
    if (SSL_CTX_use_certificate_chain_file(context, files.cert.c_str()) != 1) {
        return wrong_file("cert", files.cert, "a certificate in PEM");
    }
    if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return wrong_file("key", files.key, "the certificate's private key in PEM, without a passphrase");
    }
    return {};
}

// Alerts by which a server says that it does not want our certificate, or that it wants one.
bool is_refusal(unsigned long error) {
    constexpr std::array<int, 7> refusals{
        SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,         SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
        SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,     SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
        SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, SSL_R_TLSV1_ALERT_UNKNOWN_CA,
        SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED};
    return std::find(refusals.begin(), refusals.end(), ERR_GET_REASON(error)) != refusals.end();
}

}  // namespace

void TlsSession::Free::operator()(ssl_st* session) const { ::SSL_free(session); }

void TlsClient::FreeContext::operator()(ssl_ctx_st* context) const { ::SSL_CTX_free(context); }

Result<TlsClient::Context> TlsClient::make_context(const TlsFiles& files) {
    ERR_clear_error();
    Context context(SSL_CTX_new(TLS_client_method()));
    if (!context) return Error{Code::internal, "TLS cannot be set up: " + last_reason()};
    SSL_CTX_set_default_passwd_cb(context.get(), &no_passphrase);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    ARCHAEO_TRY(load(context.get(), files));
    return context;
}

Result<std::unique_ptr<TlsSession>> TlsClient::start(const std::string& host) {
    const MutexLock lock(mutex_);
    if (context_ == nullptr) {
        ARCHAEO_ASSIGN(context_, make_context(files_));
    }
    ERR_clear_error();
    std::unique_ptr<ssl_st, TlsSession::Free> session(SSL_new(context_.get()));
    const Error broken{Code::internal, "TLS cannot be set up for \"" + host + "\""};
    if (session == nullptr) return broken;
    BIO* const received = BIO_new(BIO_s_mem());
    BIO* const output = BIO_new(BIO_s_mem());
    if (received == nullptr || output == nullptr) {
        BIO_free(received);
        BIO_free(output);
        return broken;
    }
    SSL_set_bio(session.get(), received, output);  // which owns them from now on
    SSL_set_connect_state(session.get());
    if (is_address(host)) {
        if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session.get()), host.c_str()) != 1) return broken;
    } else if (SSL_set1_host(session.get(), host.c_str()) != 1 ||
               SSL_set_tlsext_host_name(session.get(), host.c_str()) != 1) {
        return broken;
    }
    return std::unique_ptr<TlsSession>(new TlsSession(std::move(session)));
}

Status TlsSession::take_in(std::string_view received) {
    ERR_clear_error();
    if (received.empty()) return {};
    std::size_t taken = 0;
    if (BIO_write_ex(SSL_get_rbio(session_.get()), received.data(), received.size(), &taken) == 1 &&
        taken == received.size()) {
        return {};
    }
    return Error{Code::unavailable, "TLS: no memory for what was received"};
}

std::string TlsSession::take_output() {
    BIO* const output = SSL_get_wbio(session_.get());
    std::string bytes(BIO_ctrl_pending(output), '\0');
    std::size_t size = 0;
    if (!bytes.empty()) BIO_read_ex(output, bytes.data(), bytes.size(), &size);
    bytes.resize(size);
    return bytes;
}

Error TlsSession::failure(int returned) {
    const int kind = SSL_get_error(session_.get(), returned);
    if (kind == SSL_ERROR_ZERO_RETURN) return {Code::unavailable, "the server closed the connection"};
    const auto error = ERR_peek_last_error();
    const std::string reason = last_reason();
    if (const long verified = SSL_get_verify_result(session_.get()); verified != X509_V_OK) {
        return {Code::permission_denied, std::string("TLS: the server's certificate is not trusted: ") +
                                             X509_verify_cert_error_string(verified)};
    }
    if (is_refusal(error)) {
        return {Code::permission_denied, "TLS: the server refuses our certificate (cert=, key=): " + reason};
    }
    return {Code::unavailable, "TLS: " + reason};
}

Result<std::string> TlsSession::shake_hands(std::string_view received) {
    ARCHAEO_TRY(take_in(received));
    const int done = SSL_do_handshake(session_.get());
    if (done != 1 && SSL_get_error(session_.get(), done) != SSL_ERROR_WANT_READ) return failure(done);
    return take_output();
}

bool TlsSession::has_shaken_hands() const { return SSL_is_init_finished(session_.get()) == 1; }

Result<std::string> TlsSession::encrypt(std::string_view words) {
    ERR_clear_error();
    while (!words.empty()) {
        std::size_t taken = 0;
        const int done = SSL_write_ex(session_.get(), words.data(), std::min(words.size(), writes_bytes_max), &taken);
        if (done != 1) return failure(done);
        words.remove_prefix(taken);
    }
    return take_output();
}

Result<std::string> TlsSession::decrypt(std::string_view received) {
    ARCHAEO_TRY(take_in(received));
    std::string words;
    for (;;) {
        std::array<char, piece_bytes> piece;
        std::size_t size = 0;
        const int done = SSL_read_ex(session_.get(), piece.data(), piece.size(), &size);
        if (done == 1) {
            words.append(piece.data(), size);
            continue;
        }
        // Where it ended behind these words, the next call says so.
        if (!words.empty() || SSL_get_error(session_.get(), done) == SSL_ERROR_WANT_READ) return words;
        return failure(done);
    }
}

}  // namespace archaeologist::redis
