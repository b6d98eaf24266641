/** The client of captures on demand. */
package io.unpark.app.capture;
