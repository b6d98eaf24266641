/** How the store is kept in H2 and PostgreSQL: plain SQL that both understand, behind the interfaces of the package above. */
package io.unpark.sink.store.jdbc;
