package dev.kiln.platform.cli;

import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.storage.HuggingFaceFolder;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a folder holds.
 *
 * @param kind in words
 * @param config what its config says: texts, numbers, lists by key
 * @param assumed what a Hugging Face config leaves to transformers' defaults, by key
 * @param checkpoints newest first
 * @param files the model's weights
 */
record FolderContents(
        Path path,
        String kind,
        Map<String, Object> config,
        Map<String, Object> assumed,
        List<CheckpointLine> checkpoints,
        List<FileContents> files) {

    /**
     * Looks at a folder.
     *
     * @param runtimes starts Kiln, whose plugins know what configs mean
     * @throws InvalidInput when it is no model's folder, or a file in it is broken
     */
    static FolderContents of(Path folder, Supplier<KilnRuntime> runtimes) throws IOException {
        if (Files.isRegularFile(folder.resolve(TrainedModel.CONFIG))) {
            List<CheckpointLine> checkpoints = CheckpointLine.in(folder);
            try (KilnRuntime kiln = runtimes.get()) {
                return new FolderContents(
                        folder,
                        "run folder",
                        new RunSummary(kiln).of(folder),
                        Map.of(),
                        checkpoints,
                        weights(folder, checkpoints));
            }
        }
        if (HuggingFaceFolder.looksLikeOne(folder)) {
            return new FolderContents(
                    folder,
                    "Hugging Face folder",
                    HuggingFaceFolder.config(folder),
                    assumed(folder, runtimes),
                    List.of(),
                    safetensors(folder));
        }
        List<FileContents> files = safetensors(folder);
        if (files.isEmpty()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: expected a run folder (with %s), a Hugging Face folder (with %s) or safetensors files",
                            folder,
                            TrainedModel.CONFIG,
                            HuggingFaceFolder.CONFIG));
        }
        return new FolderContents(
                folder, "folder of safetensors files", Map.of(), Map.of(), List.of(), files);
    }

    /** Nothing of a kind of model that no plugin knows. */
    private static Map<String, Object> assumed(Path folder, Supplier<KilnRuntime> runtimes) {
        try (KilnRuntime kiln = runtimes.get()) {
            return kiln.injector().getInstance(TrainedModel.class).assumed(folder);
        } catch (InvalidInput e) {
            return Map.of();
        }
    }

    /** The model of the best checkpoint, else of the last. */
    private static List<FileContents> weights(Path folder, List<CheckpointLine> checkpoints)
            throws IOException {
        List<FileContents> model = new ArrayList<>();
        for (CheckpointLine line : CheckpointLine.preferred(checkpoints)) {
            model.add(FileContents.of(line.folder(folder).resolve("model.safetensors")));
        }
        return model;
    }

    private static List<FileContents> safetensors(Path folder) throws IOException {
        List<FileContents> contents = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> named =
                    files.filter(file -> file.toString().endsWith(".safetensors"))
                            .filter(Files::isRegularFile)
                            .sorted()
                            .toList();
            for (Path file : named) {
                contents.add(FileContents.of(file));
            }
        }
        return contents;
    }

    private long elements() {
        return files.stream().mapToLong(FileContents::elements).sum();
    }

    Map<String, Object> json() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("folder", path);
        object.put("kind", kind);
        object.put("config", config);
        object.put("checkpoints", checkpoints.stream().map(CheckpointLine::json).toList());
        object.put("elements", elements());
        object.put("files", files.stream().map(FileContents::json).toList());
        if (!assumed.isEmpty()) {
            object.put("assumed", assumed);
        }
        return object;
    }

    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT, "%s: %s, %,d elements in the files below%n", path, kind, elements());
        List<List<String>> rows = new ArrayList<>();
        config.forEach((key, value) -> rows.add(List.of(key, value.toString())));
        if (!rows.isEmpty()) {
            Table.print(out, rows, 2);
        }
        if (!assumed.isEmpty()) {
            out.println("from transformers' defaults");
            List<List<String>> defaults = new ArrayList<>();
            assumed.forEach((key, value) -> defaults.add(List.of(key, value.toString())));
            Table.print(out, defaults, 2);
        }
        if (!checkpoints.isEmpty()) {
            out.println("checkpoints");
            Table.print(out, checkpoints.stream().map(CheckpointLine::row).toList(), 4);
        }
        files.forEach(file -> file.print(out));
    }
}
