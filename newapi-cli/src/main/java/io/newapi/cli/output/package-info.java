/** What commands print: tables for people, JSON documents with stable field names for programs. */
@NullMarked
package io.newapi.cli.output;

import org.jspecify.annotations.NullMarked;
