/**
 * YAML run files to records and back. The records of the factories are the schema; this package
 * reads it by reflection, binds files and overrides to it, and writes it as JSON Schema.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.platform.config;
