/** {@code unpark doctor}: what a user would have wrong, and the next step. */
package io.unpark.app.doctor;
