package org.unet4j.torch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.TensorVector;

/** Operators of libtorch that the binding does not map, called by name. They work on many tensors at once. */
final class Ops {

    private Ops() {}

    /** What Adam changes, and the gradients that it reads, in one order. */
    record Moments(
            List<Tensor> parameters,
            List<Tensor> gradients,
            List<Tensor> first,
            List<Tensor> second,
            List<Tensor> counts) {}

    /** The numbers of one step of Adam. */
    record AdamStep(double learningRate, double beta1, double beta2, double weightDecay, double epsilon) {}

    /** The numbers of one step of gradient descent. */
    record SgdStep(double learningRate, double momentum, boolean nesterov, double weightDecay) {}

    /**
     * Changes parameters and both moments by one step of {@code operator}, Adam's or AdamW's, unless {@code skip} is 1.
     *
     * <p>aten::_fused_adam_(self, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps, *, lr, beta1, beta2, weight_decay,
     * eps, amsgrad, maximize, grad_scale, found_inf)
     */
    static void fusedAdam(String operator, Moments moments, AdamStep step, Optional<Tensor> skip) {
        try (Scope scope = new Scope()) {
            call(
                    operator,
                    list(moments.parameters()),
                    list(moments.gradients()),
                    list(moments.first()),
                    list(moments.second()),
                    list(List.of()),
                    list(moments.counts()),
                    new IValue(step.learningRate()),
                    new IValue(step.beta1()),
                    new IValue(step.beta2()),
                    new IValue(step.weightDecay()),
                    new IValue(step.epsilon()),
                    new IValue(false),
                    new IValue(false),
                    new IValue(),
                    optional(skip));
        }
    }

    /**
     * Changes parameters and velocities by one step of gradient descent, unless {@code skip} is 1.
     *
     * <p>aten::_fused_sgd_(self, grads, momentum_buffer_list, *, weight_decay, momentum, lr, dampening, nesterov, maximize,
     * is_first_step, grad_scale, found_inf). The first step is none of its own: without dampening, what it would put into the
     * velocity is what is added to a velocity of 0. So it needs no remembering, for no parameter.
     */
    static void fusedSgd(
            List<Tensor> parameters,
            List<Tensor> gradients,
            List<Tensor> velocities,
            SgdStep step,
            Optional<Tensor> skip) {
        try (Scope scope = new Scope()) {
            call(
                    "aten::_fused_sgd_",
                    list(parameters),
                    list(gradients),
                    list(velocities),
                    new IValue(step.weightDecay()),
                    new IValue(step.momentum()),
                    new IValue(step.learningRate()),
                    new IValue(0.0),
                    new IValue(step.nesterov()),
                    new IValue(false),
                    new IValue(false),
                    new IValue(),
                    optional(skip));
        }
    }

    /** Returns the norm of each tensor, as tensors on the same device. They belong to the open scope. */
    static Tensor norms(Collection<Tensor> tensors) {
        try (Scope scope = new Scope()) {
            IValue norms = call("aten::_foreach_norm", "Scalar", list(tensors), new IValue(2.0), new IValue());
            TensorVector each = norms.toTensorVector();
            return scope.keep(org.bytedeco.pytorch.global.torch.stack(each, 0));
        }
    }

    /** Adds each of {@code more} to its counterpart in {@code sums}. */
    static void add(Collection<Tensor> sums, Collection<Tensor> more) {
        try (Scope scope = new Scope()) {
            call("aten::_foreach_add_", "List", list(sums), list(more), new IValue(1.0));
        }
    }

    /** Adds {@code number} to each of {@code tensors}. */
    static void add(Collection<Tensor> tensors, double number) {
        try (Scope scope = new Scope()) {
            call("aten::_foreach_add_", "Scalar", list(tensors), new IValue(number));
        }
    }

    /** Adds {@code number}, a tensor without axes, to each of {@code tensors}. */
    static void add(Collection<Tensor> tensors, Tensor number) {
        try (Scope scope = new Scope()) {
            call("aten::_foreach_add_", "Tensor", list(tensors), new IValue(number), new IValue(1.0));
        }
    }

    /** Moves each of {@code tensors} by {@code share}, a tensor without axes, of the way to its counterpart in {@code ends}. */
    static void approach(Collection<Tensor> tensors, Collection<Tensor> ends, Tensor share) {
        try (Scope scope = new Scope()) {
            List<Tensor> ways = new ArrayList<>();
            Iterator<Tensor> starts = tensors.iterator();
            ends.forEach(end -> ways.add(end.sub(starts.next())));
            scale(ways, share);
            add(tensors, ways);
        }
    }

    /** Multiplies all {@code tensors} by {@code factor}, a tensor of one number. */
    static void scale(Collection<Tensor> tensors, Tensor factor) {
        try (Scope scope = new Scope()) {
            call("aten::_foreach_mul_", "Tensor", list(tensors), new IValue(factor));
        }
    }

    /** Multiplies all {@code gradients} by {@code inverseScale} and sets {@code foundInfinite} to 1 where one is not finite. */
    static void unscale(Collection<Tensor> gradients, Tensor foundInfinite, Tensor inverseScale) {
        try (Scope scope = new Scope()) {
            call(
                    "aten::_amp_foreach_non_finite_check_and_unscale_",
                    list(gradients),
                    new IValue(foundInfinite),
                    new IValue(inverseScale));
        }
    }

    /** Updates a gradient scale and how many steps went well since it last grew. */
    static void updateScale(
            Tensor scale, Tensor growth, Tensor foundInfinite, double growthFactor, double backoff, long interval) {
        try (Scope scope = new Scope()) {
            call(
                    "aten::_amp_update_scale_",
                    new IValue(scale),
                    new IValue(growth),
                    new IValue(foundInfinite),
                    new IValue(growthFactor),
                    new IValue(backoff),
                    new IValue(interval));
        }
    }

    private static void call(String operator, IValue... arguments) {
        call(operator, "", arguments);
    }

    /** Returns the operator's first result, or its last argument where it has none. */
    private static IValue call(String operator, String overload, IValue... arguments) {
        IValueVector stack = new IValueVector(arguments);
        Dispatcher.singleton().findSchemaOrThrow(operator, overload).callBoxed(stack);
        return stack.size() > 0 ? stack.get(0) : new IValue();
    }

    private static IValue optional(Optional<Tensor> tensor) {
        return tensor.isPresent() ? new IValue(tensor.get()) : new IValue();
    }

    /**
     * Returns a list as operators take it. A list of tensors is seen as one of any values, which are the same object in
     * libtorch; to wrap each tensor as a value first takes five times as long (60 us for 64 tensors).
     */
    private static IValue list(Collection<Tensor> tensors) {
        TensorList list = new TensorList();
        tensors.forEach(list::push_back);
        return new IValue(new GenericList((Pointer) list));
    }
}
