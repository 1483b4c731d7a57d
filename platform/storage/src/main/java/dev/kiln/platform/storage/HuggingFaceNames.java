package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the tensors of a Hugging Face folder's files are: with or without the model's prefix, and with
 * or without those of what torch wraps around a model that it trains.
 */
final class HuggingFaceNames {
    /** Of {@code DataParallel} and its successors, and of {@code torch.compile}. */
    private static final Pattern WRAPPERS = Pattern.compile("(?<![^.])(module|_orig_mod)\\.");

    /** What the classes of transformers and trl for other tasks put on a model. */
    private static final Pattern HEADS =
            Pattern.compile(
                    "(score|classifier|qa_outputs|multiple_choice_head(\\.summary)?"
                            + "|v_head(\\.summary)?)\\.(weight|bias)");

    private final HuggingFaceModel model;
    private final TensorFiles files;
    private final Map<String, String> inFiles = new HashMap<>();
    private final List<String> heads = new ArrayList<>();

    /**
     * @throws InvalidInput when a tensor is missing, or there is one too many; names file and tensor
     */
    HuggingFaceNames(HuggingFaceModel model, TensorFiles files) {
        this.model = model;
        this.files = files;
        Set<String> known = new HashSet<>();
        Stream.concat(model.tensors().stream(), model.copies().stream())
                .map(HuggingFaceTensor::name)
                .forEach(known::add);
        List<Pattern> ignored = model.ignored().stream().map(Pattern::compile).toList();
        for (String name : files.tensors().keySet()) {
            String unwrapped = WRAPPERS.matcher(name).replaceAll("");
            String full = known.contains(unwrapped) ? unwrapped : model.prefix() + unwrapped;
            String bare = bare(unwrapped);
            if (known.contains(full)) {
                add(full, name);
            } else if (HEADS.matcher(bare).matches()) {
                heads.add(name);
            } else if (ignored.stream().noneMatch(p -> p.matcher(bare).matches())) {
                throw extra(name, known);
            }
        }
        model.copies().forEach(this::takeForOriginal);
        model.tensors().forEach(tensor -> inFile(tensor.name()));
    }

    private void add(String full, String name) {
        String other = inFiles.put(full, name);
        if (other != null) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: tensors '%s' and '%s' are the same one",
                            files.path(),
                            other,
                            name));
        }
    }

    /** A file may hold a weight by the name of its copy alone. */
    private void takeForOriginal(HuggingFaceTensor copy) {
        model.tensors().stream()
                .filter(tensor -> tensor.weight().equals(copy.weight()))
                .map(HuggingFaceTensor::name)
                .filter(name -> has(copy.name()) && !has(name))
                .forEach(name -> inFiles.put(name, inFiles.remove(copy.name())));
    }

    private InvalidInput extra(String name, Set<String> known) {
        String nearest =
                Spelling.nearest(name, known, name.length() / 4)
                        .map(value -> String.format(Locale.ROOT, "; nearest is '%s'", value))
                        .orElse("");
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: has a tensor '%s', which is none of this model's (%s)%s",
                        files.with(name).path(),
                        name,
                        model.config().get("model_type"),
                        nearest));
    }

    private String bare(String name) {
        return name.startsWith(model.prefix()) ? name.substring(model.prefix().length()) : name;
    }

    /** What the files call tensors of heads that a language model doesn't have. */
    List<String> heads() {
        return heads.stream().sorted().toList();
    }

    /** Whether the files hold this one. */
    boolean has(String tensor) {
        return inFiles.containsKey(tensor);
    }

    /**
     * What the files call a tensor of the model.
     *
     * @throws InvalidInput when they lack it
     */
    String inFile(String tensor) {
        String name = inFiles.get(tensor);
        if (name == null) {
            files.with(tensor); // Fails: says where it is missing, and the nearest name.
        }
        return name == null ? tensor : name;
    }
}
