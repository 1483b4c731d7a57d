package dev.kiln.platform.models;

import dev.kiln.spi.Context;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.model.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What a model does with its weights: found by running the model's own code and its head's on one
 * example, with operations that note and compute nothing, so that it holds for every family. Immutable.
 *
 * @param uses by the weights' names, in the order of their creation
 */
public record WeightRoles(SequencedMap<String, Use> uses) {

    /** What a weight is used for. */
    public record Use(Shape shape, WeightRole role) {}

    public WeightRoles {
        uses = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(uses));
    }

    /** Watches a stored model at work. */
    public static WeightRoles of(StoredModel stored, Context context) {
        WatchingOps ops = new WatchingOps();
        Watched weights = new Watched("", new LinkedHashMap<>(), ops);
        Model model = stored.model().create(context).build(weights, stored.vocabulary());
        TaskHead.Attached head = stored.head().create(context).attach(weights.in("head"), model);
        Tensor ids = new WatchingOps.Sized(DType.INT32, Shape.of(1, head.statesPerExample()));
        head.scores(ops, model.hidden(ops, ids, ids), HeadRows.ALL);
        SequencedMap<String, Use> uses = new LinkedHashMap<>();
        weights.created.forEach(
                (name, shape) -> uses.put(name, new Use(shape, ops.role(name, shape))));
        return new WeightRoles(uses);
    }

    /** What a weight is used for. */
    public WeightRole role(String name) {
        return uses.get(name).role();
    }

    private record Watched(String prefix, SequencedMap<String, Shape> created, WatchingOps ops)
            implements Weights {
        @Override
        public Weight create(String name, Shape shape, Init init) {
            String full = prefix + name;
            if (created.put(full, shape) != null) {
                throw new IllegalArgumentException("there is a weight '" + full + "' already");
            }
            return new Unmade(full, shape, ops);
        }

        @Override
        public Weights in(String part) {
            return new Watched(prefix + part + ".", created, ops);
        }
    }

    /** A weight without elements. */
    private record Unmade(String name, Shape shape, WatchingOps ops) implements Weight {
        @Override
        public Tensor value() {
            ops.note(this, WeightRole.OTHER); // A frozen weight has none.
            return new WatchingOps.Sized(DType.FLOAT32, shape);
        }

        @Override
        public boolean trainable() {
            return false;
        }

        @Override
        public Tensor gradient() {
            throw new IllegalStateException("weight '" + name + "' is not trained");
        }
    }
}
