package dev.kiln.spi.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ShapeTest {

    @Test
    void rowsAreAllDimensionsButTheLast() {
        Shape shape = Shape.of(2, 3, 5);
        assertEquals(3, shape.rank());
        assertEquals(6, shape.rows());
        assertEquals(5, shape.columns());
        assertEquals(30, shape.size());
        Shape row = Shape.of(7);
        assertEquals(1, row.rows());
        assertEquals(7, row.columns());
        assertEquals(7, row.size());
    }

    @Test
    void aNegativeIndexCountsFromTheEnd() {
        Shape shape = Shape.of(2, 3, 5);
        assertEquals(2, shape.dimension(0));
        assertEquals(5, shape.dimension(2));
        assertEquals(5, shape.dimension(-1));
        assertEquals(2, shape.dimension(-3));
        assertThrows(IndexOutOfBoundsException.class, () -> shape.dimension(3));
        assertThrows(IndexOutOfBoundsException.class, () -> shape.dimension(-4));
    }

    @Test
    void sizesBeyondAnIntAreExactAndRowsBeyondOneAreRefused() {
        assertEquals(1L << 40, Shape.of(1 << 20, 1 << 20).size());
        assertEquals(1L << 43, Shape.of(1 << 20, 1 << 20, 8).size());
        assertThrows(ArithmeticException.class, () -> Shape.of(1 << 20, 1 << 20, 1).rows());
    }

    @Test
    void noDimensionAndOneBelowOneAreRefused() {
        assertEquals("not a shape: []", refusal());
        assertEquals("not a shape: [2, 0]", refusal(2, 0));
        assertEquals("not a shape: [-1, 3]", refusal(-1, 3));
        Shape shape = Shape.of(2, 3);
        assertThrows(IllegalArgumentException.class, () -> shape.withColumns(0));
    }

    private static String refusal(int... dimensions) {
        return assertThrows(IllegalArgumentException.class, () -> Shape.of(dimensions))
                .getMessage();
    }

    @Test
    void shapesOfTheSameDimensionsAreEqual() {
        assertEquals(Shape.of(2, 3), Shape.of(2, 3));
        assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
        assertEquals("[2, 3]", Shape.of(2, 3).toString());
        assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
        assertNotEquals(Shape.of(6), Shape.of(6, 1));
    }

    @Test
    void noArrayLeadsIntoAShape() {
        int[] dimensions = {2, 3};
        Shape shape = Shape.of(dimensions);
        dimensions[0] = 9;
        shape.toArray()[1] = 9;
        assertEquals(Shape.of(2, 4), shape.withColumns(4));
        assertArrayEquals(new int[] {2, 3}, shape.toArray());
    }
}
