package io.unpark.ingest.security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** What a client certificate is called. */
final class CertificateNames {
    /** RFC 5280, GeneralName. */
    private static final int DNS_NAME = 2;

    private static final int URI = 6;

    private CertificateNames() {}

    /** URIs and DNS names, which issuers check, before the common name. */
    static List<String> of(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        Collection<List<?>> alternatives = alternatives(certificate);
        for (int type : new int[] {URI, DNS_NAME}) {
            for (List<?> name : alternatives) {
                if (Integer.valueOf(type).equals(name.get(0))) {
                    names.add(String.valueOf(name.get(1)));
                }
            }
        }
        names.addAll(commonNames(certificate));
        return names;
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static List<String> commonNames(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(String::valueOf)
                            .toList();
        } catch (InvalidNameException e) {
            return List.of();
        }
    }
}
