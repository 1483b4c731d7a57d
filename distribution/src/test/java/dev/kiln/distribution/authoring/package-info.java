/** What the authors of plugins get: the archetype, the examples, the pages. */
package dev.kiln.distribution.authoring;
