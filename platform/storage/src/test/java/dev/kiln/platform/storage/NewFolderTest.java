package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFolderTest {
    @TempDir private Path root;

    @Test
    void aFolderIsThereWholeWithTheFoldersAboveIt() throws IOException {
        Path target = root.resolve("a/b");
        NewFolder.write(
                target,
                folder -> {
                    Files.writeString(Files.createDirectory(folder.resolve("c")).resolve("d"), "e");
                    assertEquals(List.of(), FolderLock.contents(target));
                });
        assertEquals("e", Files.readString(target.resolve("c/d")));
        assertEquals(List.of(target), list(target.getParent()));
    }

    @Test
    void nothingIsLeftOfOneThatFails() throws IOException {
        Path target = Files.createDirectory(root.resolve("a"));
        NewFolder.Body failing =
                folder -> {
                    Files.writeString(folder.resolve("half"), "");
                    throw new InvalidInput("no more");
                };
        assertThrows(InvalidInput.class, () -> NewFolder.write(target, failing));
        assertEquals(List.of(target), list(root));
        assertEquals(List.of(), list(target));
    }

    @Test
    void aProblemBelowItIsNamedByTheNameThatWasGiven() {
        Path target = root.resolve("a");
        NewFolder.Body failing =
                folder -> {
                    throw new InvalidInput(folder.resolve("x") + ": the disk is full");
                };
        InvalidInput problem =
                assertThrows(InvalidInput.class, () -> NewFolder.write(target, failing));
        assertEquals(target.resolve("x") + ": the disk is full", problem.getMessage());
    }

    @Test
    void onlyAnEmptyFolderMayBeThereAlready() throws IOException {
        Path target = Files.createDirectory(root.resolve("a"));
        NewFolder.write(target, folder -> Files.writeString(folder.resolve("x"), ""));
        assertRefused(target, "exists and is not empty; name a new folder");
        assertRefused(target.resolve("x"), "is a file, expected a new folder");
    }

    @Test
    void aSecondWriterOfAFolderIsRefusedAndTheFirstEndsWhole() throws IOException {
        Path target = root.resolve("a");
        NewFolder.write(
                target,
                folder -> {
                    Files.writeString(folder.resolve("x"), "first");
                    assertRefused(target, "is being written by another run of this process");
                });
        assertEquals(List.of(target.resolve("x")), list(target));
        assertEquals("first", Files.readString(target.resolve("x")));
        assertEquals(List.of(target), list(root));
    }

    @Test
    void whatAWriterWithoutALockPutThereIsKept() throws IOException {
        Path target = root.resolve("a");
        InvalidInput refused =
                assertThrows(
                        InvalidInput.class,
                        () ->
                                NewFolder.write(
                                        target,
                                        _ -> Files.writeString(target.resolve("x"), "other")));
        assertEquals(
                target + ": was written to meanwhile; name a new folder", refused.getMessage());
        assertEquals(List.of(target.resolve("x")), list(target));
    }

    @Test
    void aFullDiskIsOneLine() throws IOException {
        Path target = root.resolve("a");
        NewFolder.Body full =
                _ -> {
                    throw new IOException("No space left on device");
                };
        String problem =
                assertThrows(InvalidInput.class, () -> NewFolder.write(target, full)).getMessage();
        assertEquals(target + ": the disk is full; nothing was written", problem);
        assertEquals(List.of(), list(root));
    }

    @Test
    void aLinkToAnEmptyFolderStaysAndOneToNothingIsRefused() throws IOException {
        Path real = Files.createDirectory(root.resolve("real"));
        Path link = Files.createSymbolicLink(root.resolve("link"), real);
        NewFolder.write(link, folder -> Files.writeString(folder.resolve("x"), "y"));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("y", Files.readString(real.resolve("x")));
        Path toNothing = Files.createSymbolicLink(root.resolve("to-nothing"), Path.of("none"));
        assertRefused(toNothing, "is a link to none, which is not there");
        assertTrue(Files.isSymbolicLink(toNothing));
    }

    @Test
    void aPlaceWhereNoFolderCanBeMadeIsOneLine() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "");
        String problem =
                assertThrows(InvalidInput.class, () -> NewFolder.write(file.resolve("a"), _ -> {}))
                        .getMessage();
        assertEquals(file + ": is a file, expected a folder", problem);
    }

    private static void assertRefused(Path target, String message) {
        String problem =
                assertThrows(InvalidInput.class, () -> NewFolder.write(target, _ -> {}))
                        .getMessage();
        assertEquals(target + ": " + message, problem);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
