package dev.kiln.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void eachItemIsDoneOnce(int count) {
        try (Workers workers = new Workers(count)) {
            for (int items : new int[] {1, 2, 5, 100, 1001}) {
                AtomicIntegerArray split = new AtomicIntegerArray(items);
                AtomicIntegerArray each = new AtomicIntegerArray(items);
                workers.split(
                        items,
                        1,
                        (worker, from, to) -> {
                            for (int i = from; i < to; i++) {
                                split.incrementAndGet(i);
                            }
                        });
                workers.each(items, (worker, item) -> each.incrementAndGet(item));
                for (int i = 0; i < items; i++) {
                    assertEquals(1, split.get(i));
                    assertEquals(1, each.get(i));
                }
            }
        }
    }

    @Test
    void aWorkersMistakeReachesTheCallerAndTheTeamGoesOn() {
        try (Workers workers = new Workers(3)) {
            InvalidInput thrown =
                    assertThrows(
                            InvalidInput.class, () -> workers.run(WorkersTest::failInTheSecond));
            assertEquals("the second fails", thrown.getMessage());
            AtomicIntegerArray done = new AtomicIntegerArray(3);
            workers.run(done::incrementAndGet);
            assertEquals("[1, 1, 1]", done.toString());
        }
    }

    @Test
    void mistakesOfAllWorkersAreOverWithTheirCall() {
        try (Workers workers = new Workers(3)) {
            assertThrows(InvalidInput.class, () -> workers.run(WorkersTest::failInEach));
            AtomicIntegerArray done = new AtomicIntegerArray(3);
            workers.run(done::incrementAndGet);
            assertEquals("[1, 1, 1]", done.toString());
        }
    }

    private static void failInEach(int worker) {
        throw new InvalidInput("worker " + worker + " fails");
    }

    private static void failInTheSecond(int worker) {
        if (worker == 1) {
            throw new InvalidInput("the second fails");
        }
    }

    @Test
    void workersThatFellAsleepWakeUp() throws InterruptedException {
        try (Workers workers = new Workers(2)) {
            for (int round = 0; round < 20; round++) {
                Thread.sleep(2);
                AtomicIntegerArray done = new AtomicIntegerArray(2);
                workers.run(done::incrementAndGet);
                assertEquals("[1, 1]", done.toString());
            }
        }
    }
}
