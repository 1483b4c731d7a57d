package dev.kiln.platform.exchange;

import dev.kiln.platform.autograd.dryrun.WeightRole;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.WeightRoles;
import dev.kiln.platform.storage.Deviation;
import dev.kiln.platform.storage.NewFolder;
import dev.kiln.platform.storage.QuantizedTensors;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.WeightFormat;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes run folders of models with their matrices in smaller formats. Thread-safe. */
public final class ModelQuantization {
    private final ConfigFiles configFiles;

    @Inject
    public ModelQuantization(ConfigFiles configFiles) {
        this.configFiles = configFiles;
    }

    /**
     * What became of a weight.
     *
     * @param before bytes
     * @param after bytes
     */
    public record Line(
            String weight,
            WeightFormat format,
            long elements,
            long before,
            long after,
            Deviation deviation) {}

    /**
     * Makes a run folder whose model has the matrices that are factors of products in a format, tables
     * of embeddings alone in bfloat16, and the rest in float32. It is there whole or not at all.
     *
     * @param to INT8, INT4 or BFLOAT16
     * @param context its run folder is the one to make
     * @param check looks at the folder before it has its name; what it throws leaves no folder
     * @return a line for each weight
     * @throws InvalidInput when the run folder exists, the model is quantized already, or a weight is
     *     not finite
     */
    public List<Line> run(
            StoredModel stored, WeightFormat to, Context context, NewFolder.Body check)
            throws IOException {
        NewFolder.checkFree(context.runFolder());
        checkNotQuantized(stored);
        WeightRoles roles = WeightRoles.of(stored, context);
        List<Line> planned = new ArrayList<>();
        try (QuantizedTensors tensors = new QuantizedTensors(stored.weights())) {
            roles.uses().forEach((name, use) -> planned.add(add(tensors, stored, name, use, to)));
            NewFolder.write(
                    context.runFolder(),
                    folder -> {
                        new ModelRunFolder(configFiles)
                                .write(folder, "quantize", stored, tensors.content(), context);
                        check.writeTo(folder);
                    });
            return planned.stream()
                    .map(line -> written(line, tensors.deviation(line.weight)))
                    .toList();
        }
    }

    private static void checkNotQuantized(StoredModel stored) {
        for (String name : stored.weights().names()) {
            WeightFormat format = stored.weights().format(name);
            if (format.scaled()) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: is quantized already: weight '%s' is %s; quantize the original",
                                stored.folder(),
                                name,
                                format.name().toLowerCase(Locale.ROOT)));
            }
        }
    }

    private static Line add(
            QuantizedTensors tensors,
            StoredModel stored,
            String name,
            WeightRoles.Use use,
            WeightFormat to) {
        WeightFormat format = format(use.role(), to);
        long before = stored.weights().bytes(name);
        long after = tensors.add(name, use.shape(), use.role() != WeightRole.LINEAR, format);
        return new Line(name, format, use.shape().size(), before, after, Deviation.NONE);
    }

    private static WeightFormat format(WeightRole role, WeightFormat to) {
        return switch (role) {
            case LINEAR, TABLE -> to;
            case EMBEDDING -> WeightFormat.BFLOAT16;
            case OTHER -> WeightFormat.FLOAT32;
        };
    }

    private static Line written(Line line, Deviation deviation) {
        return new Line(
                line.weight, line.format, line.elements, line.before, line.after, deviation);
    }
}
