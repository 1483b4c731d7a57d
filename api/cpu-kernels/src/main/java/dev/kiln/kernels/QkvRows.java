package dev.kiln.kernels;

import dev.kiln.spi.backend.DType;

/** One head's queries, keys and values, all of a type; or their gradients. */
record QkvRows(HeadRows queries, HeadRows keys, HeadRows values) {

    /**
     * @param apart channels from a query to its key, and from there to its value
     */
    static QkvRows of(HeadRows queries, int apart) {
        return new QkvRows(queries, queries.shifted(apart), queries.shifted(2 * apart));
    }

    DType type() {
        return queries.type();
    }

    /** Zeros, for vectors of floats. */
    void clear(int count, int size) {
        queries.clear(count, size);
        keys.clear(count, size);
        values.clear(count, size);
    }

    /** The first vectors, from those of floats, rounded to the type. */
    void write(QkvRows floats, int count, int size) {
        for (int position = 0; position < count; position++) {
            queries.write(position, floats.queries.at(position), size);
            keys.write(position, floats.keys.at(position), size);
            values.write(position, floats.values.at(position), size);
        }
    }
}
