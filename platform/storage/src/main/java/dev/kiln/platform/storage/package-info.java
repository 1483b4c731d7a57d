/**
 * What Kiln keeps on disk: safetensors files, checkpoints that survive a kill at any moment, and
 * small files that are written whole or not at all.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.storage;
