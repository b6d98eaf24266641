package io.unpark.ingest.security;

/** What a request needs. */
public enum Permission {
    /** To send data of a service. */
    PUSH,
    /** To see what was found. */
    READ,
    /** To make something happen that is not the sending of data. Who may, may read too. */
    MANAGE
}
