/** Who may reach a server of ours, as whom, how fast and with how much: TLS, tokens, certificates, limits, slow clients. */
package io.unpark.ingest.security;
