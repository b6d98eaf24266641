/** The topics as data, their keys, and the records that travel on them (package {@code record} is generated). */
package io.unpark.schemas;
