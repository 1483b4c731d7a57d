/** Makes what the archive has beside the staged folder. Runs in the build, and is not shipped. */
package dev.kiln.distribution.archive;
