package io.unpark.ingest.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.util.List;
import java.util.Set;

/** The issuer: its metadata and keys, asked for when they are needed first, and what its tokens say. Thread-safe. */
final class OidcIssuer {
    private static final int TIMEOUT_MS = 5_000;
    private static final int MAX_KEYS_BYTES = 256 << 10;
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** What was read from the issuer. */
    private record Known(OIDCProviderMetadata metadata, JWKSource<SecurityContext> keys) {}

    private final OidcSettings settings;
    private final String clientSecret;
    private volatile Known known;

    /** @param clientSecret "" for a public client */
    OidcIssuer(OidcSettings settings, String clientSecret) {
        this.settings = settings;
        this.clientSecret = clientSecret;
    }

    /** @throws IOException when the issuer does not answer, or is another one than it should be */
    OIDCProviderMetadata metadata() throws IOException {
        return known().metadata;
    }

    private Known known() throws IOException {
        Known now = known;
        if (now == null) {
            try {
                OIDCProviderMetadata metadata =
                        OIDCProviderMetadata.resolve(new Issuer(settings.issuer()), TIMEOUT_MS, TIMEOUT_MS);
                JWKSource<SecurityContext> keys = JWKSourceBuilder.create(
                                metadata.getJWKSetURI().toURL(),
                                new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, MAX_KEYS_BYTES))
                        .retrying(true)
                        .outageTolerant(true)
                        .build();
                now = new Known(metadata, keys);
                known = now;
            } catch (GeneralException | IllegalArgumentException e) {
                throw new IOException("the issuer's metadata is not usable: " + e.getMessage(), e);
            }
        }
        return now;
    }

    /**
     * Who sends a token of the issuer.
     *
     * @throws BadJOSEException when it is none, or not good any more
     * @throws IOException when the issuer does not answer
     */
    JWTClaimsSet bearer(String token) throws IOException, BadJOSEException {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                com.nimbusds.jose.JOSEObjectType.JWT, new com.nimbusds.jose.JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, known().keys));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                settings.audience(),
                new JWTClaimsSet.Builder().issuer(settings.issuer().toString()).build(),
                Set.of("exp", settings.userClaim())));
        try {
            return processor.process(token, null);
        } catch (ParseException e) {
            throw new BadJOSEException("not a JWT", e);
        } catch (RemoteKeySourceException e) {
            throw new IOException("the issuer's keys cannot be read: " + e.getMessage(), e);
        } catch (JOSEException e) {
            throw new BadJOSEException(e.getMessage(), e);
        }
    }

    /**
     * Changes the code of a login into who it is.
     *
     * @throws BadJOSEException when the issuer does not take the code, or its token is not good
     * @throws IOException when the issuer does not answer
     */
    JWTClaimsSet exchange(String code, URI callback, CodeVerifier verifier, Nonce nonce)
            throws IOException, BadJOSEException {
        HTTPRequest request = tokenRequest(new AuthorizationCodeGrant(new AuthorizationCode(code), callback, verifier))
                .toHTTPRequest();
        request.setConnectTimeout(TIMEOUT_MS);
        request.setReadTimeout(TIMEOUT_MS);
        request.setFollowRedirects(false);
        try {
            TokenResponse answer = OIDCTokenResponseParser.parse(request.send());
            if (!answer.indicatesSuccess()) {
                throw new BadJOSEException("the issuer says "
                        + answer.toErrorResponse().getErrorObject().getCode());
            }
            JWT token = ((OIDCTokenResponse) answer.toSuccessResponse())
                    .getOIDCTokens()
                    .getIDToken();
            IDTokenValidator validator = new IDTokenValidator(
                    new Issuer(settings.issuer()),
                    new ClientID(settings.clientId()),
                    new JWSVerificationKeySelector<>(ALGORITHMS, known().keys),
                    null);
            validator.validate(token, nonce);
            return token.getJWTClaimsSet();
        } catch (com.nimbusds.oauth2.sdk.ParseException | ParseException e) {
            throw new BadJOSEException("the issuer's answer is not understood: " + e.getMessage(), e);
        } catch (RemoteKeySourceException e) {
            throw new IOException("the issuer's keys cannot be read: " + e.getMessage(), e);
        } catch (JOSEException e) {
            throw new BadJOSEException(e.getMessage(), e);
        }
    }

    private TokenRequest tokenRequest(AuthorizationCodeGrant grant) throws IOException {
        URI endpoint = metadata().getTokenEndpointURI();
        ClientID client = new ClientID(settings.clientId());
        if (clientSecret.isEmpty()) {
            return new TokenRequest(endpoint, client, grant, null);
        }
        List<ClientAuthenticationMethod> methods = metadata().getTokenEndpointAuthMethods();
        boolean basic = methods == null || methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
        Secret secret = new Secret(clientSecret);
        return new TokenRequest(
                endpoint,
                basic ? new ClientSecretBasic(client, secret) : new ClientSecretPost(client, secret),
                grant,
                null);
    }
}
