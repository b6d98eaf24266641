package io.unpark.ingest.security;

import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.AuthenticationSuccessResponse;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The login of browsers at an issuer: authorization code with PKCE, then a cookie of ours. And the issuer's tokens of programs. */
final class OidcLogin {
    private static final Logger LOG = LoggerFactory.getLogger(OidcLogin.class);
    static final String LOGIN = "/auth/login";
    static final String CALLBACK = "/auth/callback";
    static final String LOGOUT = "/auth/logout";
    static final String SESSION = "unpark_session";
    /** Whose login it is, for the page to show: as in a form. */
    static final String USER = "unpark_user";

    private static final String PENDING = "unpark_login";

    /** After so long the issuer is asked again, which nobody notices who is still logged in there. */
    private static final Duration SESSION_LASTS = Duration.ofHours(8);

    private static final Duration LOGIN_LASTS = Duration.ofMinutes(10);
    private static final int MAX_USER_CHARS = 200;
    /** Pages of ours; whatever begins otherwise could lead elsewhere. */
    private static final Pattern PAGE = Pattern.compile("#/[\\x21-\\x7e]{0,1000}");

    private final OidcSettings settings;
    private final OidcIssuer issuer;
    private final SignedCookies cookies;

    OidcLogin(OidcSettings settings, OidcIssuer issuer, SignedCookies cookies) {
        this.settings = settings;
        this.issuer = issuer;
        this.cookies = cookies;
    }

    /** Nobody is asked who they are there. */
    boolean isOpen(Context context) {
        return List.of(LOGIN, CALLBACK, LOGOUT).contains(context.path());
    }

    void register(JavalinConfig config) {
        config.routes.get(LOGIN, context -> answering(context, this::login));
        config.routes.get(CALLBACK, context -> answering(context, this::callback));
        config.routes.get(LOGOUT, context -> answering(context, this::logout));
    }

    private interface Step {
        void take(Context context) throws IOException, RefusedRequest;
    }

    private static void answering(Context context, Step step) {
        context.header("Cache-Control", "no-store");
        try {
            step.take(context);
        } catch (RefusedRequest e) {
            e.write(context);
        } catch (IOException e) {
            LOG.warn("No login: {}", e.toString());
            RefusedRequest.issuerAway().write(context);
        }
    }

    private void login(Context context) throws IOException {
        State state = new State();
        Nonce nonce = new Nonce();
        CodeVerifier verifier = new CodeVerifier();
        String page = context.queryParam("to");
        URI there = new AuthenticationRequest.Builder(
                        ResponseType.CODE,
                        new Scope("openid", "profile", "email"),
                        new ClientID(settings.clientId()),
                        settings.at(CALLBACK.substring(1)))
                .endpointURI(issuer.metadata().getAuthorizationEndpointURI())
                .state(state)
                .nonce(nonce)
                .codeChallenge(verifier, CodeChallengeMethod.S256)
                .build()
                .toURI();
        cookies.set(
                context,
                PENDING,
                Map.of(
                        "state", state.getValue(),
                        "nonce", nonce.getValue(),
                        "verifier", verifier.getValue(),
                        "to", page != null && PAGE.matcher(page).matches() ? page : "#/"),
                LOGIN_LASTS);
        redirect(context, there);
    }

    private void callback(Context context) throws IOException, RefusedRequest {
        JWTClaimsSet pending = cookies.get(context, PENDING)
                .orElseThrow(() ->
                        RefusedRequest.forbidden("there is no login to go on with, or it took too long; begin again"));
        cookies.clear(context, PENDING);
        try {
            AuthenticationSuccessResponse answer = answer(context, pending);
            JWTClaimsSet claims = issuer.exchange(
                    answer.getAuthorizationCode().getValue(),
                    settings.at(CALLBACK.substring(1)),
                    new CodeVerifier(pending.getStringClaim("verifier")),
                    new Nonce(pending.getStringClaim("nonce")));
            String user = user(claims);
            cookies.tell(context, USER, user, SESSION_LASTS);
            cookies.set(context, SESSION, Map.of("user", user), SESSION_LASTS);
            redirect(context, settings.at(pending.getStringClaim("to")));
        } catch (ParseException | java.text.ParseException | BadJOSEException e) {
            LOG.warn("A login was not accepted: {}", e.toString());
            throw RefusedRequest.forbidden("the login was not accepted; the server's log says why");
        }
    }

    private AuthenticationSuccessResponse answer(Context context, JWTClaimsSet pending)
            throws ParseException, java.text.ParseException, RefusedRequest {
        AuthenticationResponse answer =
                AuthenticationResponseParser.parse(settings.at(CALLBACK.substring(1)), context.queryParamMap());
        State state = new State(pending.getStringClaim("state"));
        if (!state.equals(answer.getState())
                || answer.getIssuer() != null
                        && !answer.getIssuer()
                                .getValue()
                                .equals(settings.issuer().toString())) {
            throw RefusedRequest.forbidden("this is not the answer to the login that was begun; begin again");
        }
        if (!answer.indicatesSuccess()) {
            LOG.info(
                    "The issuer refuses a login: {}",
                    answer.toErrorResponse().getErrorObject().getCode());
            throw RefusedRequest.forbidden("the issuer does not let you in");
        }
        AuthenticationSuccessResponse success = answer.toSuccessResponse();
        if (success.getAuthorizationCode() == null) {
            throw new ParseException("there is no code");
        }
        return success;
    }

    /** Here, and then at the issuer where it has a page for that: else the next look at a page would log in again. */
    private void logout(Context context) {
        cookies.clear(context, SESSION);
        cookies.clear(context, USER);
        Optional<URI> atIssuer = endOfSession();
        if (atIssuer.isPresent()) {
            redirect(context, atIssuer.get());
        } else {
            context.contentType("text/plain; charset=utf-8").result("Logged out here, not at the issuer.\n");
        }
    }

    /** Without a page to come back to: issuers refuse those that are not registered with them. */
    private Optional<URI> endOfSession() {
        try {
            return Optional.ofNullable(issuer.metadata().getEndSessionEndpointURI())
                    .map(page -> new LogoutRequest(
                                    page, null, null, new ClientID(settings.clientId()), null, null, null)
                            .toURI());
        } catch (IOException e) {
            LOG.warn("Nobody is logged out at the issuer: {}", e.toString());
            return Optional.empty();
        }
    }

    private static void redirect(Context context, URI there) {
        context.status(302).header("Location", there.toString());
    }

    /** Whose browser it is, if it has logged in. */
    Optional<String> session(Context context) {
        return cookies.get(context, SESSION).map(claims -> String.valueOf(claims.getClaim("user")));
    }

    /**
     * Whose token it is.
     *
     * @throws RefusedRequest when it lacks what is required, or the issuer does not answer
     * @throws BadJOSEException when it is not good
     */
    String bearer(String token) throws RefusedRequest, BadJOSEException {
        try {
            return user(issuer.bearer(token));
        } catch (IOException e) {
            LOG.warn("A token cannot be looked at: {}", e.toString());
            throw RefusedRequest.issuerAway();
        }
    }

    private String user(JWTClaimsSet claims) throws RefusedRequest, BadJOSEException {
        if (settings.required().filter(it -> !has(claims, it)).isPresent()) {
            throw RefusedRequest.forbidden("the issuer knows you, but you lack "
                    + settings.required().get().name() + "="
                    + settings.required().get().value());
        }
        if (claims.getClaim(settings.userClaim()) instanceof String user
                && !user.isBlank()
                && user.length() <= MAX_USER_CHARS) {
            return user;
        }
        throw new BadJOSEException("the claim " + settings.userClaim() + " is no name");
    }

    private static boolean has(JWTClaimsSet claims, OidcSettings.RequiredClaim required) {
        Object value = claims.getClaim(required.name());
        return value instanceof List<?> list
                ? list.contains(required.value())
                : required.value().equals(value);
    }
}
