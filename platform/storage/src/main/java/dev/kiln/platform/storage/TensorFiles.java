package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/**
 * The tensors of a Hugging Face folder: in {@code model.safetensors}, or else in the files (shards)
 * that {@code model.safetensors.index.json} lists. The index and what the shards hold must agree to
 * the name. Its {@code total_size} is not compared: older writers counted tied tensors too.
 */
final class TensorFiles implements AutoCloseable {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private static final String PICKLED = "pytorch_model.bin";
    private static final String PICKLED_INDEX = "pytorch_model.bin.index.json";

    /** pickled files can run any program, so Kiln reads none. */
    private static final String CONVERSION =
            "its pytorch_model.bin is a pickle, which Kiln does not read; transformers converts it:"
                    + " python -c \"from transformers import AutoModelForCausalLM as M;"
                    + " M.from_pretrained('%1$s').save_pretrained('%1$s')\"";

    private final Path path;
    private final SequencedMap<String, SafetensorsFile> shards = new LinkedHashMap<>();
    private final SequencedMap<String, SafetensorsFile> tensors = new LinkedHashMap<>();

    private TensorFiles(Path path) {
        this.path = path;
    }

    /**
     * Maps all files.
     *
     * @throws InvalidInput when a file is missing or broken, or the index does not fit; names file
     *     and tensor
     */
    static TensorFiles open(Path folder) {
        boolean single = Files.exists(folder.resolve(SINGLE));
        if (!single && !Files.exists(folder.resolve(INDEX))) {
            throw missing(folder);
        }
        TensorFiles files = new TensorFiles(folder.resolve(single ? SINGLE : INDEX));
        try {
            if (single) {
                files.openSingle();
            } else {
                files.openShards(folder);
            }
            return files;
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    private static InvalidInput missing(Path folder) {
        boolean pickled =
                Files.exists(folder.resolve(PICKLED))
                        || Files.exists(folder.resolve(PICKLED_INDEX));
        return new InvalidInput(
                folder
                        + ": has neither "
                        + SINGLE
                        + " nor "
                        + INDEX
                        + (pickled ? "; " + String.format(Locale.ROOT, CONVERSION, folder) : ""));
    }

    private void openSingle() {
        SafetensorsFile file = SafetensorsFile.open(path);
        shards.put(SINGLE, file);
        file.names().forEach(name -> tensors.put(name, file));
    }

    private void openShards(Path folder) {
        Map<String, String> weightMap = weightMap();
        for (String name : new TreeSet<>(weightMap.values())) {
            SafetensorsFile shard = SafetensorsFile.open(folder.resolve(name));
            shards.put(name, shard);
            shard.names().forEach(tensor -> checkListed(weightMap, tensor, name, shard));
        }
        weightMap.forEach(
                (tensor, name) -> {
                    if (!tensors.containsKey(tensor)) {
                        throw new InvalidInput(
                                String.format(
                                        Locale.ROOT,
                                        "%s: tensor '%s' is listed in %s, which does not have it",
                                        path,
                                        tensor,
                                        name));
                    }
                });
    }

    private void checkListed(
            Map<String, String> weightMap, String tensor, String name, SafetensorsFile shard) {
        String listed = weightMap.get(tensor);
        if (!name.equals(listed)) {
            String where = listed == null ? "in no file" : "in " + listed;
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: has tensor '%s', which %s lists %s",
                            shard.path(),
                            tensor,
                            INDEX,
                            where));
        }
        tensors.put(tensor, shard);
    }

    /** The files by tensor. */
    private Map<String, String> weightMap() {
        if (!(Json.object(path).get("weight_map") instanceof Map<?, ?> entries)) {
            throw new InvalidInput(path + ": expected an object 'weight_map'");
        }
        Map<String, String> weightMap = new LinkedHashMap<>();
        entries.forEach((tensor, file) -> weightMap.put((String) tensor, name(tensor, file)));
        return weightMap;
    }

    /** A plain name: a path could lead out of the folder. */
    private String name(Object tensor, Object file) {
        if (file instanceof String name && name.matches("[^/\\\\:\\p{Cntrl}]+\\.safetensors")) {
            return name;
        }
        throw new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: tensor '%s' is listed in '%s', expected a safetensors file of the same folder",
                        path,
                        tensor,
                        file));
    }

    /** The one file, or the index: what a message about what is missing names. */
    Path path() {
        return path;
    }

    /** The files by tensor. */
    SequencedMap<String, SafetensorsFile> tensors() {
        return tensors;
    }

    /**
     * @throws InvalidInput when no file has such a tensor
     */
    SafetensorsFile with(String tensor) {
        SafetensorsFile file = tensors.get(tensor);
        if (file == null) {
            String nearest =
                    Spelling.nearest(tensor, tensors.keySet(), tensor.length() / 4)
                            .map(value -> String.format(Locale.ROOT, "; nearest is '%s'", value))
                            .orElse("");
            throw new InvalidInput(
                    String.format(Locale.ROOT, "%s: has no tensor '%s'%s", path, tensor, nearest));
        }
        return file;
    }

    @Override
    public void close() {
        shards.values().forEach(SafetensorsFile::close);
    }
}
