package io.unpark.ingest.security;

import com.nimbusds.jose.proc.BadJOSEException;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Who sends a request: by token, by what a proxy says, by the login of a browser, or by certificate, in this order. */
final class Identities {
    private static final String CERTIFICATE = "jakarta.servlet.request.X509Certificate";

    private final WebSecurity.Options options;
    private final Supplier<AccessList> access;
    private final Optional<OidcLogin> login;
    private final Clients clients;

    /** @param access as of now */
    Identities(WebSecurity.Options options, Supplier<AccessList> access, Optional<OidcLogin> login, Clients clients) {
        this.options = options;
        this.access = access;
        this.login = login;
        this.clients = clients;
    }

    /** Whether {@link #caller} has to be asked; else who has a {@link #trustedCertificate}, or anybody, may do everything. */
    boolean asksForNames() {
        return options.asksForNames();
    }

    Optional<OidcLogin> login() {
        return login;
    }

    /** Where a certificate is needed, and enough. */
    Optional<Caller> trustedCertificate(Context context) {
        return options.asksWho() ? certificate(context).map(Identities::trusted) : Optional.empty();
    }

    private static Caller trusted(X509Certificate certificate) {
        return Caller.trusted(
                CertificateNames.of(certificate).stream().findFirst().orElse("certificate"));
    }

    /** @throws RefusedRequest when nobody is known who sends it */
    Caller caller(Context context, boolean reading) throws RefusedRequest {
        String token = token(context, reading);
        if (token != null) {
            return login.isPresent() && isJwt(token)
                    ? byIssuersToken(context.ip(), token)
                    : byToken(context.ip(), token, access.get());
        }
        Optional<String> user =
                options.proxies().isPresent() ? options.proxies().get().user(context) : Optional.empty();
        if (user.isEmpty()) {
            user = login.flatMap(it -> it.session(context));
        }
        if (user.isPresent()) {
            return browsing(byUser(user.get()));
        }
        return byCertificate(context, reading);
    }

    /** Its browser sends cookies and passes proxies with whatever another page makes it send, so it only reads. */
    private static Caller browsing(Caller caller) {
        return new Caller(caller.name(), caller.may(Permission.READ) ? List.of(Grant.READ_ANY) : List.of());
    }

    private Caller byCertificate(Context context, boolean reading) throws RefusedRequest {
        Optional<X509Certificate> certificate = certificate(context);
        if (certificate.isEmpty()) {
            throw login.isPresent()
                    ? RefusedRequest.logIn("log in, or send a token", OidcLogin.LOGIN.substring(1))
                    : RefusedRequest.unauthorised(
                            "send a token: Authorization: Bearer unpark_…",
                            reading && options.access().isPresent());
        }
        if (options.access().isEmpty()) {
            return trusted(certificate.get());
        }
        return access.get()
                .byCertificate(certificate.get())
                .orElseThrow(() -> RefusedRequest.forbidden("the certificate's names are not in the access file"));
    }

    private Caller byUser(String name) throws RefusedRequest {
        return access.get()
                .byUser(name)
                .orElseThrow(() -> RefusedRequest.forbidden(name + " has no line in the access file"));
    }

    private static boolean isJwt(String token) {
        return token.chars().filter(it -> it == '.').count() == 2;
    }

    private Caller byIssuersToken(String address, String token) throws RefusedRequest {
        if (clients.triesTooMuch(address)) {
            throw RefusedRequest.tooManyTries();
        }
        try {
            return byUser(login.orElseThrow().bearer(token));
        } catch (BadJOSEException e) {
            clients.failed(address);
            throw RefusedRequest.unauthorised("the token is none of the issuer's for this server, or no longer", false);
        }
    }

    private Caller byToken(String address, String token, AccessList list) throws RefusedRequest {
        Optional<Caller> known = list.knownToken(token);
        if (known.isPresent()) {
            return known.get();
        }
        if (clients.triesTooMuch(address)) {
            throw RefusedRequest.tooManyTries();
        }
        Optional<Caller> caller = list.byToken(token);
        if (caller.isEmpty()) {
            clients.failed(address);
            throw RefusedRequest.unauthorised("the token is not known, or no longer", false);
        }
        return caller.get();
    }

    /** Browsers know only Basic, with any name and the token as the password; they send it unasked, so it only reads. */
    private static String token(Context context, boolean reading) {
        String header = context.header("Authorization");
        if (header == null) {
            return null;
        }
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return header.substring(7).strip();
        }
        if (header.regionMatches(true, 0, "Basic ", 0, 6) && reading) {
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
                return pair.substring(pair.indexOf(':') + 1);
            } catch (IllegalArgumentException notBase64) {
                return "";
            }
        }
        return "";
    }

    private static Optional<X509Certificate> certificate(Context context) {
        return context.req().getAttribute(CERTIFICATE) instanceof X509Certificate[] chain && chain.length > 0
                ? Optional.of(chain[0])
                : Optional.empty();
    }
}
