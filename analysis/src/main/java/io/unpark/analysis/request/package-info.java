/** Requests over service boundaries: their segments as a set, and what is judged about it. */
package io.unpark.analysis.request;
