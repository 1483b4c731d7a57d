package dev.kiln.platform.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.platform.storage.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {
    @TempDir private Path root;

    @Test
    void whatAnUnfinishedHeadLeftIsDeletedAndNothingElse() throws IOException {
        Path outside = Files.createDirectories(root.resolve("outside"));
        Path kept = Files.writeString(outside.resolve("kept.txt"), "kept");
        Path head = root.resolve("head");
        Files.createDirectories(head.resolve("checkpoints/step-00000002"));
        Files.writeString(head.resolve("checkpoints/step-00000002/model.safetensors"), "half");
        Files.writeString(head.resolve("config.yaml"), "run: finetune");
        Files.createSymbolicLink(head.resolve("link"), outside);
        Files.createSymbolicLink(head.resolve("checkpoints/best"), Path.of("step-00000002"));
        Files.createSymbolicLink(head.resolve("dangling"), root.resolve("nowhere"));
        try (FolderLock _ = FolderLock.acquire(head)) {
            Compare.deleteUnfinished(head);
            assertEquals(List.of(), FolderLock.contents(head));
            assertEquals(true, Files.exists(head.resolve(FolderLock.FILE)));
        }
        assertEquals("kept", Files.readString(kept));
    }
}
