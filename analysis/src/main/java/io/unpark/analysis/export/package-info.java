/** Requests for the viewers of others. */
package io.unpark.analysis.export;
