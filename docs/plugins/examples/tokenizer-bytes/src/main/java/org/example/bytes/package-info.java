/** Bytes as tokens. */
@org.jspecify.annotations.NullMarked
package org.example.bytes;
