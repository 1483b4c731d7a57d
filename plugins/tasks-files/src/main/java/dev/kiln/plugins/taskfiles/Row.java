package dev.kiln.plugins.taskfiles;

import java.util.List;

/**
 * A row of a table.
 *
 * @param place where it begins
 */
record Row(Place place, List<String> cells) {}
