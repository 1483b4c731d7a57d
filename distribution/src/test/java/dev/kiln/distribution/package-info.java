/** The archive, unpacked and used as a user would. */
package dev.kiln.distribution;
