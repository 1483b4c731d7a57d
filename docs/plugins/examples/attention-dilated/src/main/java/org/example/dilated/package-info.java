/** Attention to every so many positions. */
@org.jspecify.annotations.NullMarked
package org.example.dilated;
