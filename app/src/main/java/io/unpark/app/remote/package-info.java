/** Reading a running sink over its API. */
package io.unpark.app.remote;
